"""Functions that the tests of RQ call."""

import os
import time


def add(a, b=0):
    return {"sum": a + b}


def nothing():
    pass


def fail(message):
    raise ValueError(message)


def sleep(path):
    with open(path, "a") as file:
        file.write("started\n")
    time.sleep(60)
    with open(path, "a") as file:
        file.write("ended\n")


def die():
    os._exit(1)
