/** Types of `asgimod/serializers`: compiled, never run. */
import {
  adeserialize,
  adumpdata,
  aserialize,
  deserialize,
  dumpdata,
  loaddata,
  serialize,
} from "asgimod/serializers";
import { is } from "../types/check.ts";
import { Volume } from "./models.ts";

const text = serialize("json", Volume.objects.all(), { fields: ["title", "shelves"], indent: 2 });
is<string>()(text);
aserialize("yaml", Volume.aobjects.all(), { fields: ["title"] });
// @ts-expect-error no such field
serialize("json", Volume.objects.all(), { fields: ["nam"] });
// @ts-expect-error no such format
serialize("csv", Volume.objects.all());
// @ts-expect-error an async queryset is for `aserialize`
serialize("json", Volume.aobjects.all());
// @ts-expect-error objects of models, not just any
serialize("json", [{ name: "x" }]);

for (const { object } of deserialize<Volume>("json", text)) object.title.toUpperCase();
for (const { object } of deserialize("json", text)) {
  // @ts-expect-error nobody knows what is in the file
  object.title;
}
// @ts-expect-error a stream is for `adeserialize`
deserialize("json", process.stdin);
adeserialize("json", process.stdin);

const written = dumpdata(["library"], { output: "x.json" });
const dumped = dumpdata(["library"], { format: "xml" });
const later = adumpdata(["library"], { output: "x.json" });
is<number>()(written);
is<string>()(dumped);
is<Promise<number>>()(later);
// @ts-expect-error no such option
loaddata("x.json", { ignoreNonexistent: true });
