planted_numbers = [1, 2, 3, 4]
for planted_number in planted_numbers:
    if planted_number % 2 == 0:
        planted_numbers.remove(planted_number)
# ---
def planted_clean(planted_rows):
    for planted_row in planted_rows:
        if not planted_row:
            planted_rows.remove(planted_row)
    return planted_rows
# ---
planted_stack = list("abc")
for planted_item in planted_stack:
    print(planted_stack.pop(0))
# ---
planted_letters = ["a", "b"]
for planted_index, planted_letter in enumerate(planted_letters):
    if planted_letter == "a":
        del planted_letters[planted_index]
# ---
planted_words = "one two".split()
for planted_word in planted_words:
    planted_words.append(planted_word.upper())
# ---
planted_stock = {"figs": 4, "pears": 0}
for planted_fruit, planted_count in planted_stock.items():
    if planted_count == 0:
        del planted_stock[planted_fruit]
# ---
planted_stock = dict(figs=4, pears=0)
for planted_fruit in planted_stock.keys():
    if planted_fruit == "figs":
        planted_stock.pop(planted_fruit)
# ---
planted_counts = {"a": 1}
for planted_key in planted_counts:
    planted_counts[planted_key * 2] = 1
# ---
planted_seen = {1, 2, 3}
for planted_entry in planted_seen:
    if planted_entry > 1:
        planted_seen.discard(planted_entry)
# ---
planted_seen = set()
for planted_entry in planted_seen:
    planted_seen.add(planted_entry + 1)
# ---
class PlantedCart:
    def __init__(self):
        self.lines = []

    def planted_clean(self):
        for planted_line in self.lines:
            if not planted_line.count:
                self.lines.remove(planted_line)
# ---
async def planted_drain(planted_tasks: list):
    for planted_task in planted_tasks:
        await planted_task
        planted_tasks.remove(planted_task)
# ---
from collections import deque as planted_deque

planted_queue = planted_deque([1, 2])
for planted_task in planted_queue:
    if planted_task > 1:
        planted_queue.appendleft(planted_task - 1)
# ---
def planted_evict(planted_cache: dict, planted_now):
    for planted_key, planted_value in planted_cache.items():
        try:
            if planted_value < planted_now:
                planted_cache.pop(planted_key)
        except TypeError:
            continue
# ---
planted_left = [3, 1, 2]
planted_gone = [planted_left.remove(planted_n) for planted_n in planted_left if planted_n > 1]
# ---
planted_table = {"a": 1, "b": 2}
for planted_old, planted_value in planted_table.items():
    planted_table[planted_old.upper()] = planted_value
# ---
planted_lines = [""]
for planted_line in planted_lines:
    if planted_line:
        planted_lines.insert(0, planted_line)
# ---
planted_pairs = {"a": 1}
for planted_name in planted_pairs:
    match planted_pairs[planted_name]:
        case 1:
            del planted_pairs[planted_name]
