def noop(value):
    return value + 1
