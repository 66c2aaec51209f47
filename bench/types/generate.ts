/**
 * Writes the models and queries whose compilation is measured: 10 apps, 100 models, 600 queries; and, on request, 400
 * queries more that say what expressions, windows, subqueries and prefetches can.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const EXPRESSIONS =
  "Case, Coalesce, Count, Exists, F, Prefetch, RowNumber, Subquery, Sum, TruncMonth, Upper, Value, When, Window";
const APPS = 10;
const MODELS = 10;

/** The twelve columns and three relations of model `m` of app `a`. */
function model(a: number, m: number): string {
  const target = (step: number) => `app${(a + step) % APPS}.M${(a + step) % APPS}_${(m + step * 3) % MODELS}`;
  return `export class M${a}_${m} extends Model("app${a}.M${a}_${m}", {
  name: CharField({ maxLength: 50 }),
  title: CharField({ maxLength: 50, default: "x" }),
  slug: SlugField({ unique: true }),
  text: TextField({ blank: true }),
  kind: CharField({ maxLength: 1, choices: [["a", "A"], ["b", "B"]], default: "a" }),
  count: IntegerField({ default: 0 }),
  rank: IntegerField({ null: true }),
  amount: DecimalField({ maxDigits: 10, decimalPlaces: 2 }),
  active: BooleanField({ default: true }),
  created: DateTimeField({ autoNowAdd: true }),
  day: DateField({ null: true }),
  code: UUIDField({ null: true }),
  owner: ForeignKey("${target(1)}", { onDelete: CASCADE, relatedName: "owned${a}_${m}" }),
  parent: ForeignKey("${target(2)}", { onDelete: SET_NULL, null: true }),
  tags: ManyToManyField("${target(3)}", { relatedName: "tagged${a}_${m}" }),
}) {
  get label() { return this.name + this.count; }
}
`;
}

/** Six queries of model `m` of app `a`. */
function queries(a: number, m: number): string {
  const M = `M${a}_${m}`;
  return `await ${M}.aobjects.filter({ name__startswith: "a", owner__name: "x", parent__owner__count__gt: ${m} }).orderBy("-created", "owner__name");
await ${M}.aobjects.filter({ tags__owner__kind: "b" }).values("name", "owner__title", "parent__amount");
${M}.objects.annotate({ n: Count("tags"), total: Sum("owner__amount") }).filter({ n__gt: 1, created__year: 2024 }).valuesList("name", "n", "total");
await ${M}.aobjects.create({ name: "x", slug: "y", amount: "1.5", owner_id: ${m} });
(await ${M}.aobjects.exclude(${M}.Q({ kind: "a" }).or(${M}.Q({ tags__name__in: ["a"] }))).selectRelated("owner", "parent__owner").get({ id: ${m} })).label;
${M}.objects.filter({ amount__gte: "${m}", active: true, parent: null }).update({ count: F("count").add(1) });
`;
}

/** Four queries with expressions, of model `m` of app `a`. */
function expressions(a: number, m: number): string {
  const M = `M${a}_${m}`;
  return `${M}.objects.annotate({ shown: Case(When({ kind: "a" }, { then: Upper("owner__name") }), { default: Value("") }), month: TruncMonth("created"), level: Coalesce("rank", 0) }).values("shown", "month", "level");
await ${M}.aobjects.annotate({ row: Window({ expression: RowNumber(), partitionBy: "kind", orderBy: F("count").desc() }) }).filter({ row__lte: 3 }).orderBy("row");
${M}.objects.filter(Exists(${M}.objects.filter({ parent: ${M}.OuterRef("pk") }))).annotate({ most: Subquery(${M}.objects.filter({ owner: ${M}.OuterRef("owner") }).values("count").slice(0, 1)) }).valuesList("name", "most");
${M}.objects.prefetchRelated(Prefetch("tags", { queryset: ${M}.objects.all(), toAttr: "found" })).first()?.found;
`;
}

/** Writes the files into `directory`; `api` is the module that they import. */
export function generate(directory: string, api: string, { withExpressions = false } = {}): void {
  mkdirSync(directory, { recursive: true });
  const names =
    "Model, BooleanField, CharField, DateField, DateTimeField, DecimalField, IntegerField, SlugField, TextField, UUIDField, ForeignKey, ManyToManyField, CASCADE, SET_NULL";
  const apps = Array.from({ length: APPS }, (_, a) => a);
  const models = Array.from({ length: MODELS }, (_, m) => m);
  for (const a of apps) {
    writeFileSync(
      join(directory, `app${a}.ts`),
      `import { ${names} } from "${api}";\n${models.map((m) => model(a, m)).join("")}`,
    );
    writeFileSync(
      join(directory, `queries${a}.ts`),
      `import { ${withExpressions ? EXPRESSIONS : "Count, F, Sum"} } from "${api}";\nimport { ${models.map((m) => `M${a}_${m}`).join(", ")} } from "./app${a}.ts";\n${models.map((m) => queries(a, m) + (withExpressions ? expressions(a, m) : "")).join("")}`,
    );
  }
  writeFileSync(
    join(directory, "apps.ts"),
    `declare module "${api}" { interface Apps {\n${apps.map((a) => `  app${a}: typeof import("./app${a}.ts");\n`).join("")}} }\nexport {};\n`,
  );
}
