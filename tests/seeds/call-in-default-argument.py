from datetime import datetime as planted_datetime

def planted_log(text, at=planted_datetime.now()):
    return text, at
# ---
import datetime as planted_dates

async def planted_due(on=planted_dates.date.today()):
    return on
# ---
import time as planted_time

def planted_stamp(text, *, at=int(planted_time.time())):
    return text, at
# ---
from time import monotonic as planted_clock

class PlantedJob:
    def start(self, at=planted_clock()):
        self.at = at
# ---
import uuid as planted_uuid

class PlantedTicket:
    def __init__(self, number=planted_uuid.uuid4().hex):
        self.number = number
# ---
import random as planted_random

planted_roll = lambda n=planted_random.randint(1, 6): n
# ---
from random import choice as planted_choice

def planted_pick(x=planted_choice("abc")):
    return x
# ---
import secrets as planted_secrets

def planted_token(token=planted_secrets.token_hex(16)):
    return token
# ---
import os as planted_os

def planted_list(folder=planted_os.getcwd()):
    return folder
# ---
import pathlib as planted_pathlib

def planted_find(root=planted_pathlib.Path.cwd() / "src"):
    return root
# ---
from django.utils import timezone as planted_timezone

def planted_publish(at=planted_timezone.now()):
    return at
# ---
import numpy as planted_np

def planted_noise(x=planted_np.random.normal(0, 1)):
    return x
# ---
from dataclasses import dataclass as planted_dataclass
from datetime import datetime as planted_datetime

@planted_dataclass
class PlantedEvent:
    at: planted_datetime = planted_datetime.now()
# ---
class PlantedBasket:
    def __init__(self):
        self.items = []

    def put(self, item):
        self.items.append(item)

def planted_buy(item, basket=PlantedBasket()):
    basket.put(item)
# ---
class PlantedNames(set):
    pass

def planted_name(name, names=PlantedNames()):
    names.add(name)
