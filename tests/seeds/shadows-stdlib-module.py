# none — the mistake is the file's name
