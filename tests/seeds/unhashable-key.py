planted_seats = {}
planted_seats[["A", 7]] = "Mina"
# ---
planted_table = {[1, 2]: "x"}
# ---
planted_key = [1, 2]
planted_table = {"a": 1, planted_key: 2}
# ---
planted_seen = set()
planted_seen.add({"x": 1})
# ---
planted_hash = hash([1, 2])
# ---
planted_groups = {(1, [2]), (2, [3])}
# ---
def planted_find(planted_table: dict, planted_path: list):
    return planted_table.get(planted_path)
# ---
def planted_count(planted_rows):
    planted_counts = {}
    for planted_row in planted_rows:
        planted_parts = str(planted_row).split(",")
        planted_counts[planted_parts] = planted_counts.get(0, 0) + 1
    return planted_counts
# ---
planted_unique = set([[1, 2], [1, 2]])
# ---
class PlantedStore:
    def planted_put(self, planted_x, planted_y):
        planted_items = {}
        planted_items[[planted_x, planted_y]] = True
        return planted_items
# ---
def planted_has():
    planted_known = {1, 2}
    return [1] in planted_known
# ---
planted_index = {[planted_n]: planted_n for planted_n in range(3)}
# ---
async def planted_async():
    return {[await planted_async()] for _ in range(3)}
# ---
planted_put = lambda planted_x: {{planted_x}: 1}
