"""Writes `src/apideck_vault/_bindings.py` from `include/apideck_vault.h`, so that signatures cannot drift.

python tools/generate_bindings.py            # write
python tools/generate_bindings.py --check    # fail if the file is not what the header asks for
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Dict, List, Tuple

from pycparser import c_ast, c_parser  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[1]
HEADER = ROOT.parents[1] / "include" / "apideck_vault.h"
TARGET = ROOT / "src" / "apideck_vault" / "_bindings.py"

PREFIX = "apideck_vault_"
INTEGERS = {"uint64_t": "c_uint64", "int32_t": "c_int32", "uint32_t": "c_uint32", "int": "c_int", "size_t": "c_size_t"}
# What the parser must know of <stdint.h> and <stddef.h>: that these are types.
STDINT = "".join(f"typedef int {name};\n" for name in INTEGERS if name != "int")

FILE = '''"""Generated from include/apideck_vault.h by tools/generate_bindings.py. Do not edit.

The C functions with their types, and the statuses. A string of the library that the caller frees is a `c_void_p` (an
address). Static strings and strings of Python are `c_char_p` (bytes).
"""

from __future__ import annotations

from ctypes import {imports}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ctypes import CDLL
    from typing import Any, Callable

{callbacks}

{statuses}


def _typed(function: Any, result: Any, *arguments: Any) -> Any:
    function.restype = result
    function.argtypes = arguments
    return function


class Library:
    """The functions of the shared library, without their prefix."""

    __slots__ = (
{slots}
    )

    def __init__(self, library: CDLL) -> None:
{functions}
'''


def main() -> int:
    text = generate(HEADER.read_text(encoding="utf-8"))
    if "--check" in sys.argv[1:]:
        if TARGET.read_text(encoding="utf-8") == text:
            return 0
        print(f"{TARGET} is not what {HEADER} asks for: run python {Path(__file__).name}", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


def generate(header: str) -> str:
    """The text of `_bindings.py` for a header."""
    constants = re.findall(r"^#define APIDECK_VAULT_(\w+) (\d+)$", header, re.M)
    statuses = [(name, number) for name, number in constants if name != "VERSION_NUMBER"]
    types: Dict[str, str] = dict(INTEGERS)
    callbacks: List[str] = []
    functions: List[Tuple[str, str, List[str]]] = []
    for node in c_parser.CParser().parse(without_preprocessor(header)).ext:
        if isinstance(node, c_ast.Typedef) and node.name.startswith(PREFIX):
            if isinstance(node.type, c_ast.PtrDecl) and isinstance(node.type.type, c_ast.FuncDecl):
                name = node.name[len(PREFIX) :].upper()
                result, arguments = signature(node.type.type, types)
                callbacks.append(f"{name} = CFUNCTYPE({', '.join([result, *arguments])})")
                types[node.name] = name
            else:
                types[node.name] = c_type(node.type, types)
        elif isinstance(node, c_ast.Decl) and isinstance(node.type, c_ast.FuncDecl):
            name = node.name[len(PREFIX) :]
            if name != "call" and "request_json" in [item.name for item in node.type.args.params or []]:
                continue  # `call` makes every operation
            functions.append((name, *signature(node.type, types)))
    used = {name for _, result, arguments in functions for name in re.findall(r"\w+", " ".join([result, *arguments]))}
    used |= {name for line in callbacks for name in re.findall(r"\w+", line)}
    return FILE.format(
        imports=", ".join(sorted(name for name in used if name.startswith("c_") or name in ("POINTER", "CFUNCTYPE"))),
        callbacks="\n".join(callbacks),
        statuses="\n".join(f"{name} = {value}" for name, value in statuses),
        slots="\n".join(f'        "{name}",' for name in sorted(name for name, _, _ in functions)),
        functions="\n".join(function_line(*function) for function in functions),
    )


def without_preprocessor(header: str) -> str:
    header = re.sub(r"/\*.*?\*/|//[^\n]*", "", header, flags=re.S)
    header = re.sub(r"^#ifdef __cplusplus\n.*?^#endif[^\n]*$", "", header, flags=re.M | re.S)
    header = re.sub(r"^#.*$", "", header, flags=re.M)
    return STDINT + header.replace("APIDECK_VAULT_MUST_USE", "")


def signature(function: c_ast.FuncDecl, types: Dict[str, str]) -> Tuple[str, List[str]]:
    parameters = function.args.params if function.args else []
    # A parameter named `string` takes a string of the library, by its address.
    arguments = ["c_void_p" if item.name == "string" else c_type(item.type, types) for item in parameters]
    return c_type(function.type, types), [argument for argument in arguments if argument != "None"]


def c_type(node: c_ast.Node, types: Dict[str, str]) -> str:
    if isinstance(node, c_ast.TypeDecl):
        name = " ".join(node.type.names)
        return "None" if name == "void" else types[name]
    if isinstance(node, c_ast.PtrDecl):
        inner = node.type
        if isinstance(inner, c_ast.TypeDecl) and inner.type.names == ["char"]:
            return "c_char_p" if "const" in inner.quals else "c_void_p"
        if isinstance(inner, c_ast.TypeDecl) and inner.type.names == ["void"]:
            return "c_void_p"
        return f"POINTER({c_type(inner, types)})"
    raise SystemExit(f"this script does not know the type {node}")


def function_line(name: str, result: str, arguments: List[str]) -> str:
    typed = ", ".join([f"library.{PREFIX}{name}", result, *arguments])
    line = f"        self.{name}: Callable[..., Any] = _typed({typed})"
    if len(line) <= 120:
        return line
    return f"        self.{name}: Callable[..., Any] = _typed(\n            {typed}\n        )"


if __name__ == "__main__":
    raise SystemExit(main())
