planted_text = ""
for planted_word in ["a", "b"]:
    planted_text += planted_word
print(planted_text)
# ---
planted_text = ""
for planted_number in range(100):
    planted_text = planted_text + str(planted_number) + ","
print(planted_text)
# ---
def planted_read(planted_file):
    planted_text = ""
    while True:
        planted_chunk = planted_file.read(1)
        if not planted_chunk:
            break
        planted_text += planted_chunk
    return planted_text
# ---
async def planted_collect(planted_stream):
    planted_text = "start"
    async for planted_chunk in planted_stream:
        planted_text += planted_chunk
    return planted_text
# ---
class PlantedPage:
    def planted_show(self, planted_rows):
        planted_text = ""
        for planted_row in planted_rows:
            if planted_row:
                planted_text += f"{planted_row}\n"
        return planted_text
# ---
def planted_table(planted_rows):
    planted_lines = []
    for planted_row in planted_rows:
        planted_line = ""
        for planted_cell in planted_row:
            planted_line += planted_cell
        planted_lines.append(planted_line)
    return planted_lines
# ---
def planted_wait(planted_queue, planted_text: str):
    while planted_word := planted_queue.get():
        planted_text = f"{planted_text}{planted_word}"
    return planted_text
