"""The scripts that the browser fetches from us."""

import gzip
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

STATIC = Path(__file__).parent / "static"
PLOTLY = Path(str(distribution("plotly").locate_file("plotly/package_data/plotly.min.js")))
PLOTLY_ADDRESS = f"plotly.min.js?v={version('plotly')}"  # a browser keeps it for good, but not after an update
FILES = {path.name: path for path in STATIC.iterdir()} | {"plotly.min.js": PLOTLY}


async def serve_file(request: Request) -> Response:
    """One of our scripts, or plotly.js from the installed package."""
    path = FILES.get(request.path_params["name"])
    if path is None:
        return Response("Not found", status_code=404)
    if path != PLOTLY:
        return FileResponse(path, headers={"Cache-Control": "no-cache"})
    headers = {"Cache-Control": "max-age=31536000, immutable" if request.query_params else "no-cache"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(path, headers=headers)
    packed = await run_in_threadpool(_packed, path)
    return Response(packed, media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})


@cache
def _packed(path: Path) -> bytes:
    """A file, packed once for all: of nearly 5 MB, in a class that comes in together, that counts."""
    return gzip.compress(path.read_bytes(), compresslevel=4)
