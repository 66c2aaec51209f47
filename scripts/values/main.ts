/**
 * Random values of every field, written and read here and by Django, on one database:
 *
 *     DJANGO_PYTHON=python3 npm run -s values -- --seed 1 --count 500 --backend sqlite
 *
 * `--record FILE` keeps Django's answers for the tests.
 *
 * Each value is compared four times: what each side reads of its own row, and of the other's.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compareValues } from "./run.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "200" },
    backend: { type: "string", default: "sqlite" },
    field: { type: "string" },
    show: { type: "string", default: "20" },
    record: { type: "string" },
  },
});

const report = await compareValues({
  seed: Number(values.seed),
  count: Number(values.count),
  backend: values.backend,
  field: values.field ?? null,
});
// What Django reads of its own rows: the tests compare with it where there is no Django.
if (values.record !== undefined) {
  const answers = report.seen.map(({ field, value, django }) => [
    field,
    value,
    django.startsWith("error ") ? django.replace(/: .*/s, "") : django,
  ]);
  writeFileSync(values.record, `[\n${answers.map((each) => JSON.stringify(each)).join(",\n")}\n]\n`);
}
for (const { field, value, ...seen } of report.differences.slice(0, Number(values.show))) {
  console.log(field, JSON.stringify(value));
  for (const [who, text] of Object.entries(seen)) console.log(`    ${who}: ${text}`);
}
console.log(
  `${report.values} values of ${report.fields} fields on ${values.backend}: ${report.comparisons} comparisons, ` +
    `${report.refused} values refused by both, ${report.known} known differences, ${report.differences.length} others`,
);
process.exitCode = report.differences.length > 0 ? 1 : 0;
