"""The scripts that the browser fetches from us."""

from importlib.metadata import distribution
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

STATIC = Path(__file__).parent / "static"
PLOTLY = Path(str(distribution("plotly").locate_file("plotly/package_data/plotly.min.js")))
FILES = {path.name: path for path in STATIC.iterdir()} | {"plotly.min.js": PLOTLY}


async def serve_file(request: Request) -> Response:
    """One of our scripts, or plotly.js from the installed package."""
    path = FILES.get(request.path_params["name"])
    if path is None:
        return Response("Not found", status_code=404)
    age = "max-age=31536000, immutable" if path == PLOTLY else "no-cache"
    return FileResponse(path, headers={"Cache-Control": age})
