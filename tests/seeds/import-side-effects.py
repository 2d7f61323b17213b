# places: module imported
pp_name = input("Who are you? ")
# ---
while True:
    print(input("> ").upper())
# ---
def main():
    return 0


main()
# ---
import sys as pp_sys


def main():
    return 0


pp_sys.exit(main())
# ---
import asyncio as pp_asyncio


async def main():
    return 0


pp_asyncio.run(main())
# ---
import threading as pp_threading

pp_threading.Thread(target=print, daemon=True).start()
# ---
from threading import Timer as pp_Timer

pp_timer = pp_Timer(5, print)
pp_timer.start()
# ---
import uvicorn as pp_uvicorn

pp_uvicorn.run("pp:app")
# ---
from socketserver import TCPServer as pp_TCPServer

with pp_TCPServer(("", 8000), None) as pp_server:
    pp_server.serve_forever()
# ---
from flask import Flask as pp_Flask

app = pp_Flask(__name__)
app.run(debug=True)
