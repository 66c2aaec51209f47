/** A model with the sync half only has no async members; `AsyncMixin` adds them. */
import { AsyncMixin, CASCADE, CharField, DateField, ForeignKey, SyncModel } from "./api.ts";
import { is } from "./check.ts";

export class Maker extends SyncModel("halves.Maker", { name: CharField({ maxLength: 20 }) }) {
  loud(): string {
    return this.name.toUpperCase();
  }
}
export class Tool extends SyncModel("halves.Tool", {
  name: CharField({ maxLength: 20 }),
  made: DateField(),
  maker: ForeignKey("halves.Maker", { onDelete: CASCADE }),
}) {}
export class Saw extends Tool.extend("halves.Saw", { teeth: CharField({ maxLength: 3 }) }) {}
export class Both extends AsyncMixin(
  SyncModel("halves.Both", {
    name: CharField({ maxLength: 20 }),
    maker: ForeignKey("halves.Maker", { onDelete: CASCADE, relatedName: "boths" }),
  }),
) {
  loud(): string {
    return this.name;
  }
}

declare module "./api.ts" {
  interface Apps {
    halves: typeof import("./halves.ts");
  }
}

const tool = Tool.objects.get({ maker__name: "x" });
is<string>()(tool.name);
is<Maker>()(tool.maker);
is<string>()(tool.maker.loud());
is<number>()(tool.maker_id);
is<Tool>()(tool.get_next_by_made());
is<Tool[]>()(tool.maker.tool_set.eval());
tool.save();
is<string>()(Saw.objects.get({ teeth: "5", name: "x" }).teeth);
// @ts-expect-error no async manager
Tool.aobjects;
// @ts-expect-error no async method
tool.asave;
// @ts-expect-error no async relation
tool.amaker;
// @ts-expect-error no async relation of others
tool.maker.atool_set;
// @ts-expect-error no async neighbour
tool.aget_next_by_made;
// @ts-expect-error a child has what its parent has
Saw.aobjects;
// @ts-expect-error a child has what its parent has
Saw.objects.get({ teeth: "5" }).asave;

is<Both>()(await Both.aobjects.get({ maker__name: "x" }));
const both = Both.objects.get({ name: "x" });
is<Promise<void>>()(both.asave());
is<Maker>()(await both.amaker);
is<string>()(both.loud());
is<Both[]>()(await (await both.amaker).boths.eval());
new Both({ name: "x", maker_id: 1 });
// @ts-expect-error an unknown name
Both.aobjects.filter({ nam: "x" });
