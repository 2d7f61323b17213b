planted_status = object()
if planted_status is 404:
    planted_status = None
# ---
planted_state = "".join(["pa", "id"])
planted_paid = planted_state is "paid"
# ---
planted_state = "".join(["pa", "id"])
if planted_state is not 'paid':
    planted_state = ""
# ---
planted_position = "haystack".find("z")
assert planted_position is -1
# ---
planted_items = [0]
planted_items.pop()
planted_empty = planted_items is []
# ---
planted_options = dict()
planted_changed = planted_options is not {}
# ---
planted_rest = tuple([])
planted_has_rest = planted_rest is not ()
# ---
planted_point = tuple([0, 0])
print((0, 0) is planted_point)
# ---
planted_rate = 1 / 2
print(planted_rate is 0.5)
# ---
planted_data = bytes(3)
while planted_data is b"\x00\x00\x00":
    planted_data = b""
# ---
planted_name = "shop"
planted_same = planted_name is f"{planted_name}"
# ---
planted_name = "shop"
planted_same = f"{planted_name}!" is not planted_name
# ---
planted_limit = object()
planted_full = planted_limit is 2 ** 10 or planted_limit is (5)
# ---
def planted_check(planted_left, planted_right):
    return planted_left is 1 is planted_right
# ---
planted_test = lambda planted_code: planted_code is not 0
# ---
async def planted_watch(planted_queue):
    while (planted_entry := await planted_queue.get()) is not "":
        print(planted_entry)
# ---
class PlantedOrder:
    def planted_ready(self):
        return self.state is "ready"
# ---
planted_kept = [planted_row for planted_row in ("a", "b") if planted_row is not "a"]
# ---
planted_same = (planted_first := 5) is (planted_second := 6)
# ---
def planted_totals(planted_a: int, planted_b: int):
    return planted_a is planted_b
# ---
def planted_constants():
    planted_a = 257
    planted_b = 257
    return planted_a is planted_b
# ---
import builtins as planted_builtins

def planted_sizes(planted_a, planted_b):
    return planted_builtins.len(planted_a) is planted_builtins.len(planted_b)
# ---
def planted_corner(planted_x, planted_y, planted_point):
    return (planted_x, planted_y) is planted_point
# ---
planted_words = ["a", "b"]
planted_callback = planted_words is (lambda: planted_words)
# ---
planted_tags = {"x"}
planted_found = (
    planted_tags
    is
    {"x"}
)
# ---
planted_z = 3j
assert planted_z is 3j, "complex"
# ---
planted_size = "large"
print("big" if planted_size is "large" else "small")
