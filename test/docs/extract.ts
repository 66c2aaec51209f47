/**
 * Turns the TypeScript examples of a Markdown page into modules that compile and run.
 *
 * The conventions, for writers (CONTRIBUTING.md tells them too):
 *
 * - All ` ```ts ` blocks of a page form one module, in order; a later block sees what an earlier one made.
 * - A block whose first line is `// file: models.ts` is a module of its own, which the page can import.
 * - ` ```ts no-run ` is compiled, not run: inside a function, or as a module when it imports or exports.
 * - `expression; // -> value` is checked: the value is compared as `util.inspect` prints it,
 *   quotes and spaces aside. `const x = ...; // -> value` checks `x`.
 * - `statement; // throws FieldError: text` must throw that class, with that text in its message.
 *
 * Line n of a generated module is line n of the page, so that an error points at the right place.
 */
export interface Module {
  /** Path below the output directory. */
  readonly path: string;
  readonly source: string;
  /** Whether it is to be run, not only compiled. */
  readonly run: boolean;
}

interface Block {
  readonly info: string;
  /** Zero-based line of the first line of code. */
  readonly start: number;
  readonly lines: string[];
}

/** The fenced `ts` blocks of a page. */
export function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let open: Block | null = null;
  let other = false;
  for (const [index, line] of markdown.split("\n").entries()) {
    const fence = /^```\s*(.*)$/.exec(line);
    if (fence === null) {
      open?.lines.push(line);
    } else if (open !== null) {
      found.push(open);
      open = null;
    } else if (other) {
      other = false;
    } else if (/^ts\b/.test(fence[1] ?? "")) {
      open = { info: (fence[1] ?? "").slice(2).trim(), start: index + 1, lines: [] };
    } else {
      other = true;
    }
  }
  return found;
}

/** The modules of a page. `helpers` is the specifier of the module with `check` and `throws`. */
export function extract(page: string, markdown: string, helpers: string): Module[] {
  const directory = page.includes("/") ? `${page.slice(0, page.lastIndexOf("/"))}/` : "";
  const prelude = `import { check as $check, throws as $throws } from "${helpers}"; void $check; void $throws;`;
  const modules: Module[] = [];
  const main: string[] = [];
  for (const block of blocks(markdown)) {
    const file = /^\/\/ file: (\S+\.ts)$/.exec(block.lines[0] ?? "");
    const isModule = block.lines.some((line) => /^(import|export)\b/.test(line));
    if (file !== null || (block.info === "no-run" && isModule)) {
      const path = file === null ? `${page}.${block.start}.ts` : `${directory}${file[1]}`;
      const source = ["export {};", ...Array(Math.max(0, block.start - 1)).fill(""), ...block.lines].join(
        "\n",
      );
      modules.push({ path, source, run: false });
      continue;
    }
    const lines = checked(block.lines, `${page}:`, block.start);
    if (block.info === "no-run") {
      main[block.start - 1] = `async function $example${block.start}() {`;
      lines.push(`} void $example${block.start};`);
    }
    for (const [offset, line] of lines.entries()) main[block.start + offset] = line;
  }
  if (main.length > 0) {
    main[0] = prelude;
    modules.push({
      path: `${page}.ts`,
      source: Array.from(main, (line) => line ?? "").join("\n"),
      run: true,
    });
  }
  return modules;
}

/** Replaces the `// ->` and `// throws` comments by calls that check them, line for line. */
function checked(source: readonly string[], page: string, start: number): string[] {
  const lines = [...source];
  for (const [index, line] of source.entries()) {
    const place = JSON.stringify(`${page}${start + index + 1}`);
    const value = /^(.*);\s*\/\/ -> (.*)$/.exec(line);
    const error = /^(.*;)\s*\/\/ throws (\w+)(?:: (.*))?$/.exec(line);
    if (value !== null) {
      const expected = JSON.stringify((value[2] ?? "").trim());
      const first = statementStart(source, index);
      const declared = /^\s*(?:const|let) (\w+)(?:: [^=]+)? = /.exec(source[first] ?? "");
      if (declared !== null) {
        lines[index] = `${value[1]}; $check(${declared[1]}, ${expected}, ${place});`;
      } else {
        lines[index] = `${value[1]}, ${expected}, ${place});`;
        lines[first] = (lines[first] ?? "").replace(/^(\s*)/, "$1$check(");
      }
    } else if (error !== null) {
      let first = statementStart(source, index);
      lines[index] = `${error[1]} }, "${error[2]}", ${JSON.stringify((error[3] ?? "").trim())}, ${place});`;
      // The directive must stay on the line above the statement that it is about.
      if (/^\s*\/\/ @ts-expect-error/.test(source[first - 1] ?? "")) first -= 1;
      lines[first] = `await $throws(async () => { ${lines[first]}`;
    }
  }
  return lines;
}

/** The first line of the statement that ends on line `end`: after a blank line, a comment or a finished statement. */
function statementStart(lines: readonly string[], end: number): number {
  let start = end;
  while (start > 0) {
    const previous = lines[start - 1] ?? "";
    if (/^\s*$|^\s*\/\/|[;{}]\s*(\/\/.*)?$/.test(previous) && !/^\s*\}?\)?[.,]/.test(lines[start] ?? ""))
      break;
    start -= 1;
  }
  return start;
}
