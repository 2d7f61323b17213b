# places: module
from pp_shop.prices import *
# ---
from math import *
# ---
from .pp_prices import *
# ---
try:
    from os.path import *
except ImportError:
    pass
# ---
import sys; from tkinter import *
