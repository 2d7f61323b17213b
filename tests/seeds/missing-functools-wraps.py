def pp_timer(func):
    def pp_wrapper(*args, **kwargs):
        return func(*args, **kwargs)
    return pp_wrapper
# ---
def pp_retry(times):
    def pp_decorator(func):
        def pp_wrapper(*args, **kwargs):
            for _ in range(times):
                return func(*args, **kwargs)
        return pp_wrapper
    return pp_decorator
# ---
def pp_logged(func):
    async def pp_wrapper(*args, **kwargs):
        return await func(*args, **kwargs)
    return pp_wrapper
# ---
def pp_trace(func):
    return lambda *args, **kwargs: func(*args, **kwargs)
# ---
pp_lambda_trace = lambda func: lambda *args, **kwargs: func(*args, **kwargs)
# ---
import functools as pp_functools

def pp_forgotten(func):
    @pp_functools.wraps
    def pp_wrapper(name):
        return func(name)
    return pp_wrapper
# ---
from functools import wraps as pp_wraps

def pp_discarded(func):
    pp_wraps(func)
    def pp_wrapper(*args, **kwargs):
        return func(*args, **kwargs)
    return pp_wrapper
# ---
from functools import update_wrapper as pp_update

def pp_swapped(func):
    def pp_wrapper(*args, **kwargs):
        return func(*args, **kwargs)
    pp_update(func, pp_wrapper)
    return pp_wrapper
# ---
class PPCounter:
    def __init__(self, func):
        self.func = func
        self.calls = 0

    def __call__(self, *args, **kwargs):
        self.calls += 1
        return self.func(*args, **kwargs)

@PPCounter
def pp_counted(name):
    return name
# ---
def pp_shout(func):
    def pp_wrapper(name):
        return func(name).upper()
    return pp_wrapper

@pp_shout
def pp_greet(name):
    return "hi " + name
# ---
class PPApp:
    def pp_route(self, path):
        def pp_decorator(func):
            def pp_view(request, *args, **kwargs):
                return func(request, *args, **kwargs)
            return pp_view
        return pp_decorator
# ---
class PPLimit:
    def __init__(self, rate):
        self.rate = rate

    def __call__(self, func):
        def pp_wrapper(*args, **kwargs):
            return func(*args, **kwargs)
        return pp_wrapper
# ---
from typing import TypeVar as PPTypeVar

PPF = PPTypeVar("PPF")

def pp_typed(func: PPF) -> PPF:
    def pp_wrapper(value):
        return func(value)
    return pp_wrapper
# ---
from concurrent.futures import ThreadPoolExecutor as PPPool

def pp_background(func):
    def pp_wrapper(*args, **kwargs):
        return PPPool().submit(func, *args, **kwargs)
    return pp_wrapper
# ---
def pp_generator(func):
    def pp_wrapper(*args, **kwargs):
        yield from func(*args, **kwargs)
    return pp_wrapper
