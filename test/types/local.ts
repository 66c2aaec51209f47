// biome-ignore-all format: an expected error stands on the line below its comment
/** Models whose app is not in `Apps`: their own fields are known, and other models are left alone. */
import { CASCADE, CharField, Count, ForeignKey, ManyToManyField, Model } from "./api.ts";
import { is } from "./check.ts";

class A extends Model("local.A", {
  name: CharField({ maxLength: 3 }),
  b: ForeignKey("local.B", { onDelete: CASCADE }),
  parent: ForeignKey("self", { onDelete: CASCADE, null: true }),
}) {
  get shout() {
    return this.name.toUpperCase();
  }
}
class B extends Model("local.B", { name: CharField({ maxLength: 3 }), many: ManyToManyField("local.A") }) {}

A.objects.filter({ name: "x", b__anything: 3, parent__name: "x", b: 3, b_id: 3 });
const a = A.objects.get({ pk: 1 });
is<string>()(a.parent!.name);
a.b.pk;
B.objects.create({ name: "x" });
A.objects.create({ name: "x", b: B.objects.get() });
B.objects.get().many.add(a);
A.objects.values("name", "b__anything", "b");
A.objects.orderBy("-b__name").selectRelated("b").prefetchRelated("b__m").annotate({ n: Count("b") });
is<string>()(new A({ name: "x", b: new B({ name: "x" }) }).shout);

// @ts-expect-error unknown field
A.objects.filter({ nam: 1 });
// @ts-expect-error unknown field behind "self"
A.objects.filter({ parent__nam: 1 });
// @ts-expect-error missing relation
A.objects.create({ name: "x" });
