// biome-ignore-all format: an expected error stands on the line below its comment
/** Generic foreign keys: they take any object, and lead nowhere in queries. */
import { CASCADE, CharField, ForeignKey, GenericForeignKey, IntegerField, Model } from "./api.ts";
import { is } from "./check.ts";
import { Topping } from "./models.ts";

class Mark extends Model("generics.Mark", {
  text: CharField({ maxLength: 30 }),
  content_type: ForeignKey("contenttypes.ContentType", { onDelete: CASCADE }),
  object_id: IntegerField(),
  content_object: GenericForeignKey(),
}) {}

const topping = new Topping({ name: "x" });
is<string>()(Mark.objects.create({ text: "x", content_object: topping }).text);
Mark.objects.create({ text: "x", content_type_id: 1, object_id: 2 });
Mark.objects.filter({ object_id: 2, content_type: 1, content_type_id: 1 });
Mark.objects.prefetchRelated("content_object");

// @ts-expect-error a generic foreign key alone
Mark.objects.filter({ content_object: topping });
// @ts-expect-error a path through a generic foreign key
Mark.objects.filter({ content_object__name: "x" });
// @ts-expect-error in a Q
Mark.Q({ content_object: topping });
// @ts-expect-error negated
Mark.aobjects.exclude({ content_object__isnull: true });
// @ts-expect-error neither the object nor what holds it
Mark.objects.create({ text: "x" });
