"""How modules are joined: what runs is what a browser would run of the single files."""

import json
from pathlib import Path
from typing import Any

import pytest

from console_site import app, assets, joining
from tests.unit.console.node import run

MODULES = {
    "vendor/lib.js": "export const lib = 1;\nexport default () => lib;\n",
    "start.js": 'export const load = () => import("./pages/one/page.js");\n',
    "parts/a.js": (
        'import make from "../vendor/lib.js";\nexport { lib as library, lib } from "../vendor/lib.js";\n'
        "// a comment\nconst own = make();\nexport function a() {\n  return own + 1;\n}\n"
    ),
    "parts/b.js": (
        'import { a as first, library } from "./a.js";\nimport * as all from "./a.js";\n'
        "/** a comment\n * of two lines */\nconst own = 10;\n"
        "export const b = own + first() + all.a() + library;\n"
    ),
    "pages/one/page.js": (
        'import {\n  b,\n} from "../../parts/b.js";\nimport { c } from "./c.js";\n'
        "export default function Page() {\n  return b + c;\n}\n"
    ),
    "pages/one/c.js": "const own = 100;\nexport const c = own;\n",
}


def test_joined_modules_run_as_single_ones_do(tmp_path: Path) -> None:
    """Names of modules do not meet, and each form of import and export gives what it should."""
    shared = joining.in_order(["start.js", "parts/b.js"], MODULES)
    page = [name for name in joining.in_order(["pages/one/page.js"], MODULES) if name not in shared]
    assert shared.index("parts/a.js") < shared.index("parts/b.js")
    assert page == ["pages/one/c.js", "pages/one/page.js"]
    files = {
        "vendor/lib.js": MODULES["vendor/lib.js"],
        "start.js": joining.joined("start.js", shared, MODULES),
        "pages/one/page.js": joining.joined("pages/one/page.js", page, MODULES, "start.js"),
        "package.json": '{"type": "module"}',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert "comment" not in files["start.js"]
    start = json.dumps(str(tmp_path / "start.js"))
    assert run(f"console.log((await (await import({start})).load()).default())") == "115\n"


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (
            {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'},
            "a.js -> b.js -> a.js",
        ),
        ({"a.js": 'import { b } from "./b.js";\n'}, "a.js imports b.js, which is not there"),
        ({"a.js": 'import "./b.js";\n'}, "a.js cannot be joined because of: import"),
        ({"a.js": "export let a = 1;\n"}, "a.js cannot be joined because of: export let"),
    ],
)
def test_what_cannot_be_joined_is_told(texts: dict[str, str], told: str) -> None:
    """Circles, missing modules and other forms of import and export are refused, with what is wrong."""
    with pytest.raises(joining.NotJoined, match=told):
        joining.joined("a.js", joining.in_order(["a.js"], texts), texts)


def exports(file: Path) -> Any:
    """Name what a module exports."""
    script = f"console.log(JSON.stringify(Object.keys(await import({json.dumps(str(file))}))))"
    return json.loads(run(script))


def test_the_console_has_what_its_modules_have(tmp_path: Path) -> None:
    """The file of all that pages share has each module that is not a page's, with the same exports."""
    site = assets.read(app.SITE)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for name, asset in site.files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(asset.text)
    main = json.dumps(str(tmp_path / "shell" / "main.js"))
    script = (
        f"const {{ modules }} = await import({main});"
        "console.log(JSON.stringify(Object.fromEntries("
        "Object.entries(modules).map(([name, module]) => [name, Object.keys(module)]))))"
    )
    found = {name: sorted(names) for name, names in json.loads(run(script)).items()}
    for name in ("parts/table.js", "service/client.js", "html.js", "texts/t.js", "vendor/preact.js"):
        assert found[name] == sorted(exports(app.SITE / name))
    assert not [name for name in found if name.startswith("pages/")]
