planted_cubes = [[[1, 2]]]
planted_flat = [x for planted_plane in planted_cubes for planted_row in planted_plane for x in planted_row]
# ---
planted_rows = [[1, 2]]
planted_wanted = [x for planted_row in planted_rows if planted_row for x in planted_row if x]
# ---
planted_cubes = [[[1, 2]]]
planted_copy = [[[x for x in planted_row] for planted_row in planted_plane] for planted_plane in planted_cubes]
# ---
planted_names = {x for x in "abc" if x if x > "a" if x < "c"}
# ---
def planted_total(planted_cubes):
    return sum(x for planted_plane in planted_cubes for planted_row in planted_plane for x in planted_row)
# ---
planted_table = {
    planted_key: [
        len([x for x in planted_part])
        for planted_part in planted_value
    ]
    for planted_key, planted_value in {}.items()
}
# ---
planted_sizes = [x for x in sorted(y for y in set(z for z in "abc"))]
# ---
async def planted_read(planted_streams):
    return [x async for planted_stream in planted_streams async for y in planted_stream for x in y]
# ---
planted_makers = [lambda: [[x for x in y] for y in z] for z in "abc"]
