[print(planted_n) for planted_n in range(3)]
# ---
planted_results = []
[planted_results.append(planted_r * 2) for planted_r in range(3) if planted_r]
# ---
{print(planted_n) for planted_n in range(3)}
# ---
planted_table = {"a": 1}
{planted_k: planted_table.update({planted_k: 1}) for planted_k in list(planted_table)}
# ---
(print(planted_n) for planted_n in range(3))
# ---
def planted_close(planted_files):
    [
        planted_file.close()
        for planted_file in planted_files
        if planted_file
    ]
# ---
async def planted_close(planted_files):
    [await planted_file.close() for planted_file in planted_files]
# ---
class PlantedMenu:
    def planted_show(self):
        for planted_row in self.rows:
            [print(planted_cell) for planted_cell in planted_row]
# ---
try:
    ([print(planted_x) for planted_row in [[1]] for planted_x in planted_row])
except ValueError:
    (print(planted_y) for planted_y in "ab")
