/** Types of `asgimod/serializers`. */
import {
  adeserialize,
  adumpdata,
  aserialize,
  deserialize,
  dumpdata,
  loaddata,
  serialize,
} from "../../src/serializers/index.ts";
import { is } from "./check.ts";
import { Pizza } from "./models.ts";

const text = serialize("json", Pizza.objects.all(), { fields: ["name", "toppings"], indent: 2 });
is<string>()(text);
aserialize("yaml", Pizza.aobjects.all(), { fields: ["name"] });
// @ts-expect-error no such field
serialize("json", Pizza.objects.all(), { fields: ["nam"] });
// @ts-expect-error no such format
serialize("csv", Pizza.objects.all());
// @ts-expect-error an async queryset is for `aserialize`
serialize("json", Pizza.aobjects.all());
// @ts-expect-error objects of models, not just any
serialize("json", [{ name: "x" }]);

for (const { object } of deserialize<Pizza>("json", text)) object.name.toUpperCase();
for (const { object } of deserialize("json", text)) {
  // @ts-expect-error nobody knows what is in the file
  object.name;
}
// @ts-expect-error a stream is for `adeserialize`
deserialize("json", process.stdin);
adeserialize("json", process.stdin);

const written = dumpdata(["testapp"], { output: "x.json" });
const dumped = dumpdata(["testapp"], { format: "xml" });
const later = adumpdata(["testapp"], { output: "x.json" });
is<number>()(written);
is<string>()(dumped);
is<Promise<number>>()(later);
// @ts-expect-error no such option
loaddata("x.json", { ignoreNonexistent: true });
