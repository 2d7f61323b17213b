callbacks = []
for number in range(3):
    callbacks.append(lambda: number)
# ---
handlers = {}
for event in ("open", "close"):
    handlers[event] = lambda *args: print(event, args)
# ---
def make_greeters(names):
    greeters = []
    for name in names:
        def greet():
            return "hello " + name
        greeters.append(greet)
    return greeters
# ---
def make_adders(amounts):
    return [lambda value: value + amount for amount in amounts]
# ---
actions = {word: (lambda: print(word)) for word in ("start", "stop")}
# ---
import threading

for worker_number in range(4):
    threading.Thread(target=lambda: print(worker_number)).start()
# ---
from concurrent.futures import ThreadPoolExecutor as Pool


def squares(values):
    with Pool() as pool:
        futures = []
        for value in values:
            futures.append(pool.submit(lambda: value * value))
        return [future.result() for future in futures]
# ---
import asyncio


async def fetch_all(urls, fetch):
    tasks = []
    for url in urls:
        async def work():
            return await fetch(url)
        tasks.append(asyncio.create_task(work()))
    return await asyncio.gather(*tasks)
# ---
def tables(factors):
    for factor in factors:
        yield lambda value: value * factor
# ---
columns = []
for factor in (2, 3):
    columns.append(value * factor for value in range(3))
# ---
scaled = {}
for unit in (1, 1000):
    scaled[unit] = map(lambda value: value / unit, range(5))
# ---
stack = ["a", "b", "c"]
undo = []
while stack:
    top = stack.pop()
    undo.append(lambda: stack.append(top))
# ---
models = []
for table_name in ("users", "orders"):
    class Model:
        def table(self):
            return table_name
    models.append(Model)
# ---
reports = []
try:
    int("eighty")
except ValueError as problem:
    reports.append(lambda: str(problem))
# ---
def connect_all(buttons, log):
    for index, button in enumerate(buttons):
        button.clicked.connect(lambda: log(index))
# ---
import functools

retries = []
for limit in range(3):
    @functools.lru_cache(maxsize=None)
    def attempt(step):
        return step < limit
    retries.append(attempt)
