from functools import lru_cache

class SeedLimited:
    @lru_cache
    def find(self, key):
        return self.rows[key]
# ---
from functools import cache

class SeedCache:
    @cache
    def find(self, key):
        return self.rows[key]
# ---
import functools

class SeedQualified:
    @functools.lru_cache(maxsize=None)
    def find(self, key):
        return self.rows[key]
# ---
import functools as seed_tools

class SeedAlias:
    @seed_tools.cache
    def find(self, key):
        return self.rows[key]
# ---
from functools import lru_cache as seed_memo

class SeedNamed:
    @seed_memo(maxsize=100)
    def find(self, key):
        return self.rows[key]
# ---
import functools

class SeedProperty:
    @property
    @functools.cache
    def total(self):
        return sum(self.rows)
# ---
from functools import lru_cache

class SeedAssigned:
    def _find(self, key):
        return self.rows[key]

    find = lru_cache()(_find)
# ---
from functools import lru_cache

seed_remember = lru_cache(maxsize=None)

class SeedBound:
    @seed_remember
    def find(self, key):
        return self.rows[key]
# ---
from functools import cache

class SeedStatic:
    @cache
    @staticmethod
    def parse(text):
        return text.strip()
# ---
from functools import cache

class SeedClass:
    @cache
    @classmethod
    def load(cls, path):
        return cls(path)
# ---
from functools import cache

class SeedOuterProperty:
    @cache
    @property
    def total(self):
        return sum(self.rows)
# ---
from functools import cache

class SeedHash:
    @cache
    def __hash__(self):
        return hash(self.rows)
# ---
from dataclasses import dataclass
from functools import cache

@dataclass
class SeedRecord:
    x: int

    @cache
    def double(self):
        return self.x * 2
# ---
from functools import cache

class SeedEqual:
    def __eq__(self, other):
        return self.x == other.x

    @cache
    def double(self):
        return self.x * 2
# ---
from functools import cache

class SeedAsync:
    @cache
    async def fetch(self, key):
        return await self.client.get(key)
# ---
from functools import lru_cache

class SeedGenerator:
    @lru_cache(maxsize=None)
    def walk(self):
        yield from self.rows
# ---
from async_lru import alru_cache

class SeedAlru:
    @alru_cache(maxsize=32)
    async def fetch(self, key):
        return await self.client.get(key)
# ---
from cachetools import TTLCache, cached

class SeedTools:
    @cached(TTLCache(maxsize=100, ttl=60))
    def find(self, key):
        return self.rows[key]
# ---
from functools import cache

class SeedMeta(type):
    @cache
    def fields(cls):
        return tuple(cls.__dict__)
# ---
from functools import cache

class SeedNoSelf:
    @cache
    def clean(self, text):
        return text.strip()
# ---
import functools

class SeedOuter:
    class Inner:
        @functools.lru_cache(typed=True)
        def find(self, key, /, *, deep=False):
            return self.rows[key, deep]
# ---
from functools import cache

class SeedLambda:
    find = cache(lambda self, key: self.rows[key])
