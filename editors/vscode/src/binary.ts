import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const NAME = process.platform === "win32" ? "pyprep-lint.exe" : "pyprep-lint";

/** A binary that can be run, or the reason why there is none, in words for the user. */
export type Found = { command: string } | { problem: string };

/** What the setting names, else what came with the extension in `folder`, else the first one on `PATH`. */
export async function findBinary(setting: string, folder: string): Promise<Found> {
  if (setting !== "") {
    // A path that doesn't hold is an error: another version, run instead, would be a riddle.
    const command = setting.replace(/^~(?=$|[\\/])/, homedir());
    return (await canRun(command))
      ? { command }
      : { problem: `The setting "pyprep-lint.path" names ${command}, which is not a program that can be run.` };
  }
  const places = [join(folder, "bin"), ...(process.env["PATH"] ?? "").split(delimiter).filter((place) => place !== "")];
  for (const command of places.map((place) => join(place, NAME))) {
    if (await canRun(command)) {
      return { command };
    }
  }
  return { problem: `${NAME} was found neither in the extension nor on PATH. Install it, or say where it is.` };
}

async function canRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
