"""Sends the inputs of each line of JSON to RQ, and answers with the results."""
import json
import sys
import time

from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

connection = Redis.from_url(sys.argv[1])
queue = Queue("bench", connection=connection, serializer=JSONSerializer)


def run(inputs):
    datas = [Queue.prepare_data("rq_noop.noop", args=(value,), result_ttl=60) for value in inputs]
    jobs = queue.enqueue_many(datas)
    outputs = {}
    waiting = [job.id for job in jobs]
    while waiting:
        found = Job.fetch_many(waiting, connection=connection, serializer=JSONSerializer)
        for job in found:
            if job is not None and job.is_finished:
                outputs[job.id] = job.result
            elif job is not None and job.is_failed:
                raise RuntimeError(job.exc_info)
        waiting = [name for name in waiting if name not in outputs]
        if waiting:
            time.sleep(0.001)
    return [outputs[job.id] for job in jobs]


for line in sys.stdin:
    try:
        answer = {"outputs": run(json.loads(line)["inputs"])}
    except Exception as error:  # told to whoever asked
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
