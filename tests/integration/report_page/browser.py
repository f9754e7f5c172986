#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A browser opens a report from disk, as a reader does. Drives chromedriver by W3C WebDriver, with what Python brings.

browser.py ONECARD|REPORT.html [FOLDER]   The page of record.py by that program, or that page. FOLDER: pictures are left there.
ONECARD_AXE=axe.min.js: axe-core looks as well.
Exit code 0 good, 1 not, 77 where there is no browser: said on standard error.
"""
import base64
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import record  # noqa: E402  pylint: disable=wrong-import-position


class Browser:
    """One chromedriver with one session, on a free port of the loopback interface."""

    def __init__(self, arguments=()):
        self.profile = tempfile.mkdtemp(prefix="onecard-browser-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.root = f"http://127.0.0.1:{port}"
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}", "--log-level=OFF"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.session = None
        for _ in range(200):
            try:
                with urllib.request.urlopen(self.root + "/status", timeout=5):
                    break
            except (OSError, urllib.error.URLError):
                time.sleep(0.05)
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                            "--force-device-scale-factor=1", f"--user-data-dir={self.profile}", *arguments]}
        self.session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"}}}})["sessionId"]

    def call(self, method, path, body=None):
        """One WebDriver command; its value."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()[:2000]) from error

    def do(self, path, body=None, method="POST"):
        """A command of this session."""
        return self.call(method, f"/session/{self.session}{path}", {} if body is None and method == "POST" else body)

    def js(self, script, *arguments):
        """What a script answers. The page's own policy does not bind it."""
        return self.do("/execute/sync", {"script": script, "args": list(arguments)})

    def cdp(self, command, **parameters):
        """A command of the DevTools protocol."""
        return self.do("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def theme(self, name, media=""):
        """Light or dark; nothing glides, so that what is clicked stands still."""
        self.cdp("Emulation.setEmulatedMedia", media=media,
                 features=[{"name": "prefers-color-scheme", "value": name},
                           {"name": "prefers-reduced-motion", "value": "reduce"}])

    def click(self, selector):
        """Clicks as a hand would, on what is visible."""
        element = self.do("/element", {"using": "css selector", "value": selector})
        self.do(f"/element/{next(iter(element.values()))}/click")

    def type(self, selector, text):
        """Types into a field."""
        element = self.do("/element", {"using": "css selector", "value": selector})
        name = next(iter(element.values()))
        self.do(f"/element/{name}/value", {"text": "\ue009a\ue000\ue003" + text})  # control-a, delete
        time.sleep(0.4)

    def console(self):
        """What the browser logged since it was last asked."""
        return self.do("/se/log", {"type": "browser"})

    def close(self):
        """Ends session and driver and leaves nothing."""
        try:
            if self.session is not None:
                self.do("", method="DELETE")
        finally:
            self.driver.terminate()
            self.driver.wait(timeout=20)
            shutil.rmtree(self.profile, ignore_errors=True)


FAILURES = []


def check(holds, sentence):
    """Notes what does not hold and goes on."""
    if not holds:
        FAILURES.append(sentence)
        print(f"FAIL {sentence}", file=sys.stderr)


VISIBLE = "return [...document.querySelectorAll('[data-v]')].filter(e => !e.hidden).length"


def look_at_tools(browser):
    """Filter, search, fold, language."""
    everything = browser.js(VISIBLE)
    check(everything > 0, "there are entries")
    check(browser.js("return !document.getElementById('tools').hidden"), "the script shows filter and search")
    first = browser.js("return document.querySelector('article [id$=-name] code').textContent")
    browser.type("#search", first.lower())
    found = browser.js(VISIBLE)
    check(0 < found < everything, f"search narrows: {found} of {everything}")
    check(browser.js("return document.getElementById('shown').textContent") == f"{found} / {everything}",
          "the number of what is shown is told")
    browser.type("#search", "nobody has ever written this")
    check(browser.js(VISIBLE) == 0, "a search for nothing finds nothing")
    browser.type("#search", "")
    check(browser.js(VISIBLE) == everything, "an empty search shows all again")
    browser.click("#tools input[value=FAIL]")
    check(browser.js("return [...document.querySelectorAll('[data-v=FAIL]')].every(e => e.hidden)"),
          "the filter hides failures")
    browser.click("#tools input[value=FAIL]")
    check(browser.js(VISIBLE) == everything, "the filter shows them again")
    browser.click("#expand")
    check(browser.js("return [...document.querySelectorAll('details')].every(e => e.open)"), "all unfold")
    browser.click("#collapse")
    check(browser.js("return [...document.querySelectorAll('details')].every(e => !e.open)"), "all fold")


def look_at_languages(browser):
    """One language, the other, both."""
    def seen(name):
        return browser.js("return [...document.querySelectorAll('h1 .' + arguments[0])]"
                          ".every(e => getComputedStyle(e).display !== 'none')", name)
    browser.js("window.scrollTo(0, 0)")
    browser.click("label[for=lang-en]")
    check(seen("en") and not seen("zh") and browser.js("return document.documentElement.lang") == "en",
          "English alone")
    browser.click("label[for=lang-zh]")
    check(seen("zh") and not seen("en") and browser.js("return document.documentElement.lang") == "zh-CN",
          "Chinese alone")
    browser.click("label[for=lang-both]")
    check(seen("zh") and seen("en"), "both")


def look_at_anchors(browser):
    """A link into a folded part opens it."""
    browser.click("#collapse")
    href = browser.js("const a = [...document.querySelectorAll('a[href^=\"#q\"]')]"
                      ".find(a => document.getElementById(a.hash.slice(1)) !== null); location.hash = a.hash;"
                      "return a.hash")
    time.sleep(0.3)
    check(browser.js("const r = document.querySelector(arguments[0]).getBoundingClientRect();"
                     "return r.height > 0 && r.top >= 0 && r.top < innerHeight", href), "a link leads to its target")


def look_at_width(browser):
    """At 200 per cent on a common screen, nothing is cut off sideways."""
    browser.cdp("Emulation.setDeviceMetricsOverride", width=640, height=512, deviceScaleFactor=2, mobile=False)
    check(browser.js("return document.documentElement.scrollWidth <= innerWidth + 1"),
          "no sideways scrolling at 200 per cent: "
          + str(browser.js("return [document.documentElement.scrollWidth, innerWidth]")))


# Colours of text against what is behind it, WCAG 2.2 1.4.3: 4.5:1, or 3:1 for large text.
CONTRAST = """
const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
const lum = c => { const f = c.slice(0, 3).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
  return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
const back = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
  if (c.length === 3 || c[3] > 0.99) return c; } return [255, 255, 255]; };
const bad = {};
for (const e of document.querySelectorAll('body *')) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.closest('svg') || e.tagName === 'SCRIPT' || !e.checkVisibility()) continue;
  const s = getComputedStyle(e), a = lum(parse(s.color)), b = lum(back(e));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  const large = parseFloat(s.fontSize) >= 24 || (parseFloat(s.fontSize) >= 18.66 && s.fontWeight >= 700);
  if (ratio < (large ? 3 : 4.5)) bad[e.tagName + '.' + e.className] = Math.round(ratio * 100) / 100;
}
return Object.entries(bad).slice(0, 10).map(x => x.join(' '));
"""

# WCAG 2.2 2.5.8: what is clicked is 24 by 24 CSS pixels, unless it stands in a line of text.
TARGETS = """
return [...document.querySelectorAll('button, input:not([type=radio]):not([type=checkbox]), summary, label')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 23.5).map(e => e.outerHTML.slice(0, 80)).slice(0, 10);
"""


def look_at_names(browser):
    """Every control has a name, every table a caption, as the browser's own accessibility tree has them."""
    nodes = browser.cdp("Accessibility.getFullAXTree")["nodes"]
    nameless = [n["role"]["value"] for n in nodes if not n.get("ignored") and n.get("role", {}).get("value") in
                ("button", "checkbox", "radio", "searchbox", "link", "table", "heading", "region", "search",
                 "navigation", "graphics-document") and not n.get("name", {}).get("value")]
    check(not nameless, f"everything has a name: {nameless[:10]}")
    levels = browser.js("return [...document.querySelectorAll('h1,h2,h3,h4')].map(e => +e.tagName[1])")
    check(levels.count(1) == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:])), "headings go down one at a time")


def picture(browser, folder, name, width=1280, height=1024, target=None):
    """The window of that size, scrolled to an element, where pictures are wanted."""
    if folder is None:
        return
    browser.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1280 // width, mobile=False)
    browser.js("const e = document.getElementById(arguments[0]); e ? e.scrollIntoView() : scrollTo(0, 0)", target)
    (folder / f"{name}.png").write_bytes(base64.b64decode(browser.do("/screenshot", method="GET")))


def look_at_axe(browser):
    """axe-core, where its script is at hand: a tool of developers, no part of the project (npm install axe-core)."""
    script = os.environ.get("ONECARD_AXE")
    if script is None:
        return
    browser.do("/timeouts", {"script": 600000})
    browser.js(pathlib.Path(script).read_text(encoding="utf-8") + "; window.axe = axe;")
    found = browser.do("/execute/async", {"args": [], "script": """
        const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations']}).then(
          r => done(r.violations.map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200)])), e => done(String(e)));"""})
    check(found == [], f"axe-core: {found}")
    print("axe-core " + browser.js("return axe.version") + f": {len(found)} violations")


def run(report, folder):
    """All of it, and the pictures."""
    browser = Browser()
    try:
        browser.do("/window/rect", {"width": 1280, "height": 1024})
        browser.theme("light")
        browser.do("/url", {"url": report.as_uri()})
        check(browser.js("return window.hurt === undefined"), "what is hostile does nothing")
        picture(browser, folder, "light")
        for name in ("findings", "clauses", "requirements", "cases", "lab"):
            picture(browser, folder, name, height=1400, target=name)
        check(not (small := browser.js(TARGETS)), f"targets large enough: {small}")
        look_at_names(browser)
        look_at_tools(browser)
        look_at_languages(browser)
        look_at_anchors(browser)
        browser.click("#expand")
        check(not (bad := browser.js(CONTRAST)), f"contrast, light: {bad}")
        look_at_axe(browser)
        browser.theme("dark")
        check(not (bad := browser.js(CONTRAST)), f"contrast, dark: {bad}")
        look_at_axe(browser)
        picture(browser, folder, "dark")
        browser.theme("light")
        look_at_width(browser)
        picture(browser, folder, "zoom", 640, 512)
        browser.click("#collapse")
        browser.theme("light", "print")
        check(browser.js("return [...document.querySelectorAll('.finding details')].every(e => "
                         "[...e.children].some(c => c.tagName !== 'SUMMARY' && c.checkVisibility()))"),
              "on paper the failures are unfolded")
        said = [line for line in browser.console() if line["level"] in ("SEVERE", "WARNING")]
        check(not said, f"the console is quiet: {said[:3]}")
    finally:
        browser.close()


def small_data(folder):
    """A data folder with a handful of requirements: a page of a thousand rows shows nothing more and takes a minute."""
    project = pathlib.Path(__file__).resolve().parents[3]
    (folder / "vectors/requirements").mkdir(parents=True)
    (folder / "reports").symlink_to(project / "reports")
    (folder / "vectors/schema").symlink_to(project / "vectors/schema")
    (folder / "vectors/requirements/session.xml").symlink_to(project / "vectors/requirements/session.xml")
    os.environ["ONECARD_DATA"] = str(folder)


def look_at_pdf(onecard, result, pdf):
    """onecard report --pdf: a tagged file of several pages, and who printed it."""
    said = subprocess.run([onecard, "report", "--pdf", pdf, result], capture_output=True, check=False)
    check(said.returncode == 0 and b"printed by Chromium" in said.stderr, f"PDF: {said.stderr[-300:]}")
    content = pdf.read_bytes() if pdf.exists() else b""
    check(content.startswith(b"%PDF-") and b"StructTreeRoot" in content and content.count(b"/Type /Page\n") > 3, "a tagged PDF")


def main():
    """Entry."""
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            print(f"SKIP there is no {program} here; install chromium and chromium-driver", file=sys.stderr)
            return 77
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if folder:
        os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        report = pathlib.Path(sys.argv[1]).resolve()
        if report.suffix != ".html":
            result, page = pathlib.Path(kept, "result.xml"), pathlib.Path(kept, "report.html")
            record.write(result, 60)
            small_data(pathlib.Path(kept, "data"))
            subprocess.run([report, "report", "-f", f"html={page}", result], check=True)
            look_at_pdf(report, result, pathlib.Path(kept, "report.pdf"))
            report = page
        run(report, folder)
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
