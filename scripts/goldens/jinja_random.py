"""Random expressions and programs in Jinja's language, most of which are well typed."""

TEXTS = ["'a'", "'Hello World'", "''", "'x-y-z'", "'  pad '", "'ÀÉß'", "'1,2,,3'", "'42'", "'-3.5'",
         "'<b>&'", "text", "name", "'a\\nb\\n\\nc'", "\"it's\"", "'日本語'", "'aXbXc'"]
NUMBERS = ["0", "1", "2", "3", "-1", "7", "10", "1.5", "-2.5", "0.1", "1e15", "100", "true", "number", "ratio"]
INTEGERS = ["0", "1", "2", "3", "-1", "-2", "5", "number"]
LISTS = ["[]", "[1, 2, 3]", "['b', 'a', 'C']", "items", "[1, 'x', none, 2.5, true]", "range(4)|list",
         "(1, 2)", "[[1, 2], [3]]", "range(5)", "name.split('i')"]
DICTS = ["{}", "{'a': 1, 'b': 'x'}", "table", "{'b': [1], 'a': {'c': none}}", "{1: 'one', 'k': 1.0}"]
ANY = ["none", "missing", "true", "false"]


def pick(random, options):
    return random.choice(options)


def text(random, depth):
    if depth <= 0:
        return pick(random, TEXTS)
    e = lambda kind: kind(random, depth - 1)
    return pick(random, [
        lambda: f"({e(text)} ~ {e(expression)})",
        lambda: f"({e(text)} + {e(text)})",
        lambda: f"({e(text)} * {pick(random, INTEGERS)})",
        lambda: f"{e(text)}[{pick(random, INTEGERS)}]",
        lambda: f"{e(text)}[{pick(random, INTEGERS)}:{pick(random, INTEGERS)}]",
        lambda: f"{e(text)}[::{pick(random, ['-1', '2', '-2'])}]",
        lambda: f"{e(text)}|{pick(random, ['upper', 'lower', 'title', 'capitalize', 'trim', 'string', 'e', 'reverse', 'first', 'last', 'urlencode'])}",
        lambda: f"{e(text)}.{pick(random, ['upper', 'lower', 'title', 'capitalize', 'strip', 'lstrip', 'rstrip', 'swapcase', 'casefold'])}()",
        lambda: f"{e(text)}.strip({e(text)})",
        lambda: f"{e(text)}.replace({e(text)}, {e(text)})",
        lambda: f"{e(text)}|replace({e(text)}, {e(text)}, {pick(random, INTEGERS)})",
        lambda: f"{e(sequence)}|join({e(text)})",
        lambda: f"{e(expression)}|tojson",
        lambda: f"{e(mapping)}|tojson(indent={pick(random, ['0', '1', '2', 'none'])}, sort_keys={pick(random, ['true', 'false'])})",
        lambda: f"{e(expression)}|string",
        lambda: f"{e(text)}.{pick(random, ['center', 'ljust', 'rjust', 'zfill'])}({pick(random, ['5', '8', '11'])})",
        lambda: f"{e(text)}|indent({pick(random, ['2', '4', 'true', chr(39) + '> ' + chr(39)])}, {pick(random, ['true', 'false'])}, {pick(random, ['true', 'false'])})",
        lambda: f"({e(text)} if {e(boolean)} else {e(text)})",
        lambda: f"'%s|%5s|%-4s|'|format({e(expression)}, {e(text)}, {e(number)})",
        lambda: f"'%d %05d %x'|format({pick(random, INTEGERS)}, {e(number)}, {pick(random, INTEGERS)})",
        lambda: f"'%.2f %8.3e %g'|format({e(number)}, {e(number)}, {e(number)})",
        lambda: f"'{{}}:{{:>6}}:{{!r}}'.format({e(text)}, {e(text)}, {e(expression)})",
        lambda: f"'{{0:{pick(random, ['d', '5', '<4', '^7', '+', ',', '08.2f', '.3g', 'e', '%', 'x', '#b', '_'])}}}'.format({e(number)})",
        lambda: f"{e(text)}|truncate({pick(random, ['3', '5', '8'])}, {pick(random, ['true', 'false'])}, '..', 0)",
    ])()


def number(random, depth):
    if depth <= 0:
        return pick(random, NUMBERS)
    e = lambda kind: kind(random, depth - 1)
    return pick(random, [
        lambda: f"({e(number)} {pick(random, ['+', '-', '*', '/', '//', '%'])} {e(number)})",
        lambda: f"({e(number)} ** {pick(random, ['0', '1', '2', '-1', '0.5'])})",
        lambda: f"-{e(number)}",
        lambda: f"{e(sequence)}|length",
        lambda: f"{e(text)}|length",
        lambda: f"{e(text)}|int",
        lambda: f"{e(text)}|float(1.5)",
        lambda: f"{e(number)}|int",
        lambda: f"{e(number)}|round",
        lambda: f"{e(number)}|round({pick(random, ['0', '1', '2', '-1'])}, {pick(random, [repr('common'), repr('ceil'), repr('floor')])})",
        lambda: f"{e(number)}|abs",
        lambda: f"[{e(number)}, {e(number)}]|{pick(random, ['sum', 'max', 'min'])}",
        lambda: f"{e(text)}.{pick(random, ['find', 'rfind', 'count', 'index'])}({e(text)})",
        lambda: f"{e(sequence)}.index({e(expression)})",
        lambda: f"{e(text)}|wordcount",
    ])()


def boolean(random, depth):
    if depth <= 0:
        return pick(random, ["true", "false", "missing", "none", "items", "''"])
    e = lambda kind: kind(random, depth - 1)
    tests = ["defined", "undefined", "none", "string", "number", "integer", "float", "mapping", "sequence",
             "iterable", "boolean", "true", "false", "callable", "upper", "lower"]
    return pick(random, [
        lambda: f"({e(number)} {pick(random, ['<', '<=', '>', '>=', '==', '!='])} {e(number)})",
        lambda: f"({e(text)} {pick(random, ['<', '<=', '>', '==', '!='])} {e(text)})",
        lambda: f"({e(number)} < {e(number)} <= {e(number)})",
        lambda: f"({e(expression)} == {e(expression)})",
        lambda: f"({e(text)} {pick(random, ['in', 'not in'])} {e(text)})",
        lambda: f"({e(expression)} {pick(random, ['in', 'not in'])} {e(sequence)})",
        lambda: f"({e(text)} in {e(mapping)})",
        lambda: f"(not {e(boolean)})",
        lambda: f"({e(boolean)} {pick(random, ['and', 'or'])} {e(boolean)})",
        lambda: f"({e(expression)} is {pick(random, ['', 'not '])}{pick(random, tests)})",
        lambda: f"({e(number)} is divisibleby {pick(random, ['2', '3'])})",
        lambda: f"({pick(random, INTEGERS)} is {pick(random, ['odd', 'even'])})",
        lambda: f"({e(number)} is {pick(random, ['eq', 'ne', 'lt', 'gt', 'le', 'ge'])} {e(number)})",
        lambda: f"{e(text)}.{pick(random, ['isdigit', 'isalpha', 'isalnum', 'isspace', 'isupper', 'islower', 'istitle', 'isidentifier'])}()",
        lambda: f"{e(text)}.{pick(random, ['startswith', 'endswith'])}({e(text)})",
    ])()


def sequence(random, depth):
    if depth <= 0:
        return pick(random, LISTS)
    e = lambda kind: kind(random, depth - 1)
    return pick(random, [
        lambda: f"[{e(expression)}, {e(expression)}]",
        lambda: f"({e(expression)}, {e(expression)})",
        lambda: f"({e(sequence)} + {e(sequence)})",
        lambda: f"({e(sequence)} * {pick(random, ['0', '1', '2'])})",
        lambda: f"{e(sequence)}[{pick(random, INTEGERS)}:]",
        lambda: f"{e(sequence)}[::{pick(random, ['-1', '2'])}]",
        lambda: f"{e(sequence)}|list",
        lambda: f"{e(sequence)}|reverse|list",
        lambda: f"{e(sequence)}|sort",
        lambda: f"{e(sequence)}|unique|list",
        lambda: f"{e(sequence)}|map('string')|list",
        lambda: f"{e(sequence)}|map('upper')|list",
        lambda: f"{e(sequence)}|select('{pick(random, ['string', 'number', 'defined', 'odd'])}')|list",
        lambda: f"{e(sequence)}|reject('none')|list",
        lambda: f"{e(sequence)}|select|list",
        lambda: f"people|{pick(random, ['selectattr', 'rejectattr'])}('age', '{pick(random, ['gt', 'lt', 'eq'])}', 30)|map(attribute='name')|list",
        lambda: f"people|sort(attribute='{pick(random, ['age', 'name', 'age,name', 'city.zip'])}', reverse={pick(random, ['true', 'false'])})|map(attribute='name')|list",
        lambda: f"people|groupby('city.name')|list",
        lambda: f"{e(text)}.split({e(text)})",
        lambda: f"{e(text)}.{pick(random, ['split', 'rsplit'])}({pick(random, ['none', chr(39) + 'X' + chr(39), chr(39) + ',' + chr(39)])}, {pick(random, ['-1', '1', '2'])})",
        lambda: f"{e(text)}.splitlines()",
        lambda: f"{e(text)}.{pick(random, ['partition', 'rpartition'])}({e(text)})",
        lambda: f"{e(text)}|list",
        lambda: f"{e(mapping)}|dictsort({pick(random, ['true', 'false'])}, '{pick(random, ['key', 'value'])}')",
        lambda: f"{e(mapping)}.{pick(random, ['items', 'keys', 'values'])}()|list",
        lambda: f"{e(mapping)}|items|list",
        lambda: f"{e(sequence)}|batch({pick(random, ['1', '2', '3'])}, {pick(random, ['none', '0'])})|list",
        lambda: f"{e(sequence)}|slice({pick(random, ['1', '2', '3'])}, {pick(random, ['none', '0'])})|list",
        lambda: f"range({pick(random, INTEGERS)}, {pick(random, INTEGERS)}, {pick(random, ['1', '2', '-1'])})",
    ])()


def mapping(random, depth):
    if depth <= 0:
        return pick(random, DICTS)
    e = lambda kind: kind(random, depth - 1)
    return pick(random, [
        lambda: f"{{{e(text)}: {e(expression)}, 'z': {e(expression)}}}",
        lambda: f"dict({e(mapping)}, k={e(expression)})",
        lambda: f"{e(mapping)}.copy()",
        lambda: f"dict(a={e(expression)}, b={e(number)})",
    ])()


def expression(random, depth):
    if depth <= 0:
        return pick(random, TEXTS + NUMBERS + LISTS + DICTS + ANY)
    e = lambda kind: kind(random, depth - 1)
    return pick(random, [
        lambda: text(random, depth), lambda: text(random, depth), lambda: number(random, depth),
        lambda: boolean(random, depth), lambda: sequence(random, depth), lambda: mapping(random, depth),
        lambda: f"{e(mapping)}.{pick(random, ['a', 'b', 'k', 'z', 'items', 'nothing'])}",
        lambda: f"{e(mapping)}.get({e(text)}, {e(expression)})",
        lambda: f"{e(sequence)}[{pick(random, INTEGERS)}]",
        lambda: f"{e(expression)}|default({e(expression)}, {pick(random, ['true', 'false'])})",
        lambda: f"({e(expression)} if {e(boolean)})",
        lambda: f"{e(sequence)}|{pick(random, ['first', 'last', 'max', 'min', 'sum', 'length'])}",
        lambda: f"({e(boolean)} or {e(expression)})",
        lambda: f"({e(boolean)} and {e(expression)})",
    ])()


def program(random, depth):
    """Statements with white space in all the places where it can be stripped."""
    parts = []
    for _ in range(random.randint(1, 3)):
        parts.append(statement(random, depth))
        parts.append(pick(random, ["", "\n", " ", "\n  ", "x", "  y\n", "\n\n"]))
    return "".join(parts)


def tag(random, code):
    begin = pick(random, ["{%", "{%-", "{%", "{%+", "  {%", "\n  {%-"])
    end = pick(random, ["%}", "-%}", "%}", "+%}", "%}\n", "-%}\n  "])
    return f"{begin} {code} {end}"


def statement(random, depth):
    t = lambda code: tag(random, code)
    if depth <= 0:
        return pick(random, [
            "{{ " + expression(random, 1) + " }}", "{{- x }}", "{{ x -}}\n", " words ", "{# note #}\n", "{#- note -#} ",
            t("set x = " + expression(random, 1)), t("set ns.n = ns.n + 1"), "{{ ns.n }}", "{{ loop.index }}", "\n"])
    body = lambda: program(random, depth - 1)
    return pick(random, [
        lambda: t(f"if {boolean(random, 2)}") + body() + t("endif"),
        lambda: t(f"if {boolean(random, 1)}") + body() + t(f"elif {boolean(random, 1)}") + body() + t("else") + body() + t("endif"),
        lambda: t(f"for i in {sequence(random, 1)}") + "{{ i }}{{ loop.index0 }}" + body() + t("endfor"),
        lambda: t(f"for k, v in {mapping(random, 1)}.items()") + "{{ k }}={{ v }}" + body() + t("else") + body() + t("endfor"),
        lambda: t(f"for i in {sequence(random, 1)} if {pick(random, ['i', 'i is string', 'i is number', 'loop is undefined'])}") + "{{ loop.last }}" + body() + t("endfor"),
        lambda: t("for i in range(5)") + t(f"if i == {pick(random, ['1', '2', '3'])}") + t(pick(random, ["break", "continue"])) + t("endif") + body() + t("endfor"),
        lambda: t("set x") + body() + t("endset") + "[{{ x }}]",
        lambda: t("set x | " + pick(random, ["upper", "trim", "replace('a', 'o')", "length"])) + body() + t("endset") + "[{{ x }}]",
        lambda: t("set ns = namespace(n=1)") + body() + "{{ ns.n }}",
        lambda: t(f"macro m(a, b={expression(random, 1)})") + "<{{ a }}|{{ b }}>" + body() + t("endmacro") + "{{ m(1) }}{{ m(2, b='q') }}",
        lambda: t("macro c()") + "({{ caller(1) }})" + t("endmacro") + t("call(u) c()") + "{{ u }}" + body() + t("endcall"),
        lambda: t("filter " + pick(random, ["upper", "trim", "indent(2)"])) + body() + t("endfilter"),
        lambda: t(f"with x = {expression(random, 1)}, w = 2") + "{{ x }}" + body() + t("endwith"),
        lambda: t("generation") + body() + t("endgeneration"),
        lambda: t("raw") + "{{ x }} {% if %}" + t("endraw"),
        lambda: body() + body(),
    ])()
