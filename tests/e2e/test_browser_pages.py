"""The page in a real browser, on a phone and a desktop, in light and dark, with and without JavaScript.

With TOCSIN_SCREENSHOTS set to a folder the pictures are kept there; `timeline.png` is the one of the README.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from conftest_e2e import run_demo
from helpers_web import World, fill
from helpers_world import NOW
from tocsin.model import EventReason, EventRevision, LinkWrite
from tocsin.settings import Settings
from tocsin.store import open_store
from tocsin.testing import FakeClock
from tocsin.web import Server, create_app

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        shutil.which("chromium") is None, reason="chromium is not installed: apt-get install chromium"
    ),
]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def store():
    opened = open_store("sqlite://")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def world(store) -> World:
    return fill(store)


@contextmanager
def served(store) -> Iterator[str]:
    """The page on a free port of this machine, while it is wanted."""
    settings = Settings(web={"port": 0})
    server = Server(create_app(store, settings, clock=FakeClock(NOW)), settings)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        thread.join(0.01)
    try:
        yield server.url or ""
    finally:
        server.should_exit = True
        thread.join(15)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def address(store, world) -> Iterator[str]:
    with served(store) as found:
        yield found


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is a developers' dependency")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser, address):
    """`open_page("/claims", size="phone")` gives the page; whatever it complains about fails the test."""
    contexts, complaints = [], []

    def opener(path: str, size: str = "desktop", scheme: str = "light", address: str = address, **options):
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        page.goto(address + path)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert complaints == []


def every_page(world: World) -> dict[str, str]:
    return {
        "timeline": "/",
        "event": f"/events/{world.events['launch']}",
        "denial": f"/events/{world.events['denial']}",
        "hostile": f"/events/{world.events['hostile']}",
        "claims": "/claims",
        "alerts": "/alerts",
        "alert": f"/alerts/{world.alerts[1]}",
        "deliveries": "/deliveries",
        "rules": "/rules",
        "feeds": "/feeds",
        "feed": f"/feeds/{world.feeds['broken']}",
        "articles": "/articles",
        "article": f"/articles/{world.articles['accusation']}",
    }


def keep(page, name: str, *, whole: bool = True) -> None:
    """A picture of the page, whole or as far as the window shows it, where somebody wants one."""
    folder = os.environ.get("TOCSIN_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)


# Widest thing on the page against the window, and every text's contrast with what is behind it.
WIDTH = "document.documentElement.scrollWidth"
CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let node = element; node; node = node.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(node).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest("svg, datalist")) continue;
    const [one, two] = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) poor.push(`${element.className || element.tagName} ${ratio.toFixed(2)}: ${element.textContent.trim().slice(0, 30)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", list(SIZES))
def test_every_page_fits_and_can_be_read(open_page, world, size: str, scheme: str) -> None:
    """No page scrolls sideways, and all text has a contrast of 4.5 to 1 (WCAG 2.1, 1.4.3)."""
    for name, path in every_page(world).items():
        page = open_page(path, size, scheme)
        assert page.evaluate(WIDTH) <= SIZES[size][0], name
        assert page.evaluate(CONTRAST) == [], name
        keep(page, f"{name}-{size}-{scheme}")
        page.close()


@pytest.mark.e2e
def test_picture_of_the_readme(open_page, tmp_path) -> None:
    """What the demo left: the launches, the accusation and both denials on one page."""
    seen = run_demo(tmp_path)
    left = open_store(f"sqlite:///{seen.database}")
    with served(left) as address:
        page = open_page("/events?since=2022-11-02&until=2022-11-09", address=address)
        titles = page.locator(".row .row-title").all_inner_texts()
        for told in ("North Korea denies", "Russia denies", "United States accuses", "launches a missile"):
            assert any(told in title for title in titles), told
        assert "confirmed" in page.locator(".row .badge").all_inner_texts()
        assert page.locator(".chart svg a").count() >= 4
        keep(page, "timeline", whole=False)
        page.goto(f"{address}/claims")
        assert "disputed" in page.locator(".claim .badge").all_inner_texts()
        keep(page, "demo-claims", whole=False)
    left.close()


@pytest.mark.parametrize("size", list(SIZES))
def test_filters_work_without_javascript(open_page, world, size: str) -> None:
    """The form, the chart, the links of an entry and the pages are plain HTML."""
    page = open_page("/", size, java_script_enabled=False)
    page.fill("input[name=text]", "shells")
    page.select_option("select[name=status]", "reported")
    page.click("button[type=submit]")
    assert "text=shells" in page.url
    assert page.locator(".row").count() == 2
    page.click("text=More filters")
    page.fill("input[name=actor]", "USA")
    page.click("button[type=submit]")
    assert page.locator(".row-title").all_inner_texts() == [
        "United States accuses North Korea of arming Russia"
    ]
    assert page.locator("input[name=actor]").is_visible()
    page.click(".row-title")
    assert page.locator("h1").inner_text() == "United States accuses North Korea of arming Russia"
    page.click("text=Timeline")
    page.click(".chart svg a:last-child", force=True)
    assert "since=2022-11-08" in page.url


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", list(SIZES))
def test_evidence_is_seen_in_its_own_colour(open_page, world, size: str, scheme: str) -> None:
    """Each kind of mark is visible in the article's words, with a colour of its own and one in the legend."""
    page = open_page(f"/events/{world.events['launch']}", size, scheme)
    colours = {}
    for kind, words in {
        "trigger": "fired",
        "source": "North Korea",
        "when": "on Wednesday",
        "place": "Wonsan",
        "attribution": "the South Korean military",
    }.items():
        mark = page.locator(f".excerpt .mk-{kind}").first
        assert mark.is_visible()
        assert mark.inner_text() == words
        colours[kind] = mark.evaluate("node => getComputedStyle(node).backgroundColor")
        legend = page.locator(f".legend .mk-{kind}")
        assert legend.evaluate("node => getComputedStyle(node).backgroundColor") == colours[kind]
    assert len(set(colours.values())) == len(colours)
    page.click("text=Whole article >> nth=0")
    assert page.get_by_text("Fishing boats were told").first.is_visible()


def test_hostile_words_do_nothing(open_page, world) -> None:
    """Markup in titles and articles neither runs nor loads; the fixture fails on any dialog or error."""
    page = open_page(f"/events/{world.events['hostile']}")
    assert "<script>" in page.locator("h1").inner_text()
    assert page.locator("img[src=x]").count() == 0


def test_keyboard_reaches_the_content(open_page, world) -> None:
    """The first stop is the link that skips the navigation, and focus is seen."""
    page = open_page("/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to content"
    assert focused.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_dark_and_light_differ(open_page, world) -> None:
    """The page follows the reader's choice."""
    colour = "getComputedStyle(document.body).backgroundColor"
    assert open_page("/", scheme="light").evaluate(colour) != open_page("/", scheme="dark").evaluate(colour)


def test_print_leaves_out_what_cannot_be_clicked(open_page, world) -> None:
    """On paper there are entries and no forms."""
    page = open_page("/")
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert page.locator(".row").first.is_visible()


def test_open_timeline_says_what_is_new(open_page, store, world) -> None:
    """A revision written while the page is open shows as a note that leads to it."""
    page = open_page("/")
    note = page.locator("#live-note")
    assert not note.is_visible()
    event = store.event(world.events["hostile"])
    number = event.revision
    for _ in range(20):  # the stream begins with what is written after it is open
        number += 1
        changed = replace(event, revision=number)
        revision = EventRevision(
            event.id, number, event.last_known, EventReason.REPEATED, "Told again.", {}, changed
        )
        store.write_links(LinkWrite(world.articles["hostile"], (), (revision,)))
        page.wait_for_timeout(500)
        if note.is_visible():
            break
    assert note.inner_text() == "1 new or changed – show"
    assert page.title().startswith("(1) ")
    keep(page, "live-desktop-light")
