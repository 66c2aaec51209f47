/** What the editor offers, through the language service of TypeScript 6.0 and 5.9. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { completer, type TypeScript } from "./completer.ts";

const require = createRequire(import.meta.url);
const head = `import { CASCADE, Count, F, ForeignKey, Q } from "./api.ts";
import { Box, Label, Pizza, Price } from "./models.ts";
`;

for (const version of ["6.0", "5.9"]) {
  test(`TypeScript ${version}: the editor completes names, lookups and paths`, async (t) => {
    const complete = completer(require(`typescript-${version}`) as TypeScript, head);

    /** All of `wanted` are offered, and none of `unwanted`. */
    const offers = (code: string, wanted: string[], unwanted: string[] = []) =>
      t.test(code, () => {
        const names = complete(code);
        for (const name of wanted)
          assert.ok(names.includes(name), `${name} in ${names.slice(0, 40).join(" ")}`);
        for (const name of unwanted) assert.ok(!names.includes(name), `no ${name}`);
      });

    // conditions: fields, lookups, relations, reverse relations
    await offers("Pizza.objects.filter({ | });", ["name", "box", "box_id", "id", "pk", "children"]);
    await offers("Pizza.objects.filter({ na| });", ["name", "name__startswith", "name__in"]);
    await offers("Pizza.objects.filter({ | });", [
      "box__name",
      "price__amount",
      "toppings__name",
      "children__name",
    ]);
    await offers("Pizza.objects.filter({ created__| });", ["created__year", "created__gte", "created__date"]);
    await offers("Pizza.aobjects.exclude({ name: 'x', | });", ["box__name", "box__isnull"]);
    await offers("Pizza.Q({ | });", ["name", "box__name"]);
    await offers("Pizza.objects.filter({ size: '|' });", ["S", "L"]);
    await offers("Pizza.objects.annotate({ n: Count('toppings') }).filter({ | });", ["n", "name"]);

    // paths: the first segment, the next one, and after "-"
    await offers("Pizza.objects.orderBy('|');", ["name", "box", "box_id"]);
    await offers("Pizza.objects.orderBy('box__|');", ["box__name", "box__id"], ["box__amount"]);
    await offers("Pizza.objects.orderBy('-|');", ["-name", "-box"]);
    await offers("Pizza.objects.orderBy('name', '-box__|');", ["-box__name"]);
    await offers("Pizza.objects.values('name', '|');", ["box", "price"]);
    await offers("Pizza.objects.values('price__|');", ["price__amount"]);
    await offers("Pizza.objects.valuesList('|');", ["name", "box"]);
    await offers("Pizza.objects.valuesList('name', 'box__|');", ["box__name"]);
    await offers("Pizza.objects.valuesList('box__|', { flat: true });", ["box__name"]);
    await offers("Pizza.objects.selectRelated('|');", ["box", "price", "parent"], ["name", "toppings"]);
    await offers("Pizza.objects.selectRelated('parent__|');", ["parent__box"]);
    await offers("Box.objects.prefetchRelated('|');", ["pizza_set"], ["pizza"]);
    await offers("Box.objects.prefetchRelated('pizza_set__|');", ["pizza_set__toppings"]);
    await offers("Pizza.objects.only('|');", ["name", "box"]);
    await offers("Label.objects.values('data__|');", ["data__owner", "data__tags"]);
    await offers("Label.objects.values('data__owner__|');", ["data__owner__name"]);
    await offers("Pizza.objects.dates('|', 'month');", ["created"]);

    // writing
    await offers("Pizza.objects.create({ | });", ["name", "price", "price_id", "box"], ["toppings"]);
    await offers("Price.objects.update({ | });", ["amount", "currency"]);
    await offers("Pizza.objects.getOrCreate({ name: 'x' }, { defaults: { | } });", ["price", "price_id"]);
    await offers("new Pizza({ | });", ["name", "price", "price_id"]);
    await offers("Pizza.objects.bulkUpdate([], ['|']);", ["name", "box"]);

    // declarations and instances
    await offers("ForeignKey('|', { onDelete: CASCADE });", ["testapp.Box", "testapp.Pizza", "self"]);
    await offers("Pizza.objects.get().|", [
      "name",
      "box",
      "abox",
      "box_id",
      "atoppings",
      "get_size_display",
      "asave",
      "shout",
    ]);
    await offers("Box.objects.get().|", ["pizza_set", "apizza_set"]);
    await offers("Pizza.menu.filter({ name: 'x' }).|", ["under", "orderBy"]);
  });
}
