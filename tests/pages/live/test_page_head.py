"""What comes with the page itself: in every page, once, and in nothing else."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pages.ui.live.page_head import PageHead

PAGE = "<html><head><title>A page</title></head><body>" + "é" * 2000 + "</body></html>"
BROWSER = {"Accept": "text/html,*/*", "Accept-Encoding": "gzip", "If-None-Match": '"old"'}


def page(request: Request) -> Response:
    unchanged = request.headers.get("if-none-match") == '"old"'
    return Response(status_code=304) if unchanged else HTMLResponse(PAGE, headers={"ETag": '"old"'})


def client() -> TestClient:
    routes = [Route("/", page), Route("/data", lambda _: JSONResponse({"text": "</head>"}))]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(PageHead), Middleware(GZipMiddleware)]))


def test_a_page_has_style_and_scripts_in_its_head_and_is_else_as_it_was() -> None:
    answer = client().get("/", headers=BROWSER)
    head, rest = answer.text.split("</head>")
    assert head.count("<style>") == head.count("./live/plotly.min.js") == head.count("./live/mount.js") == 1
    assert ".st-key-live-transport" in head
    assert rest == PAGE.split("</head>")[1]
    assert "etag" not in answer.headers  # it would let a browser keep an old style


def test_whatever_is_no_page_is_left_alone() -> None:
    assert client().get("/data", headers=BROWSER).json() == {"text": "</head>"}
    assert client().get("/", headers={"Accept": "*/*", "Accept-Encoding": "gzip"}).text == PAGE
