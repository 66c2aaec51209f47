/** The entry point for PostgreSQL: its types and what it adds to those of `asgimod`. Compiled, not run. */
import { CharField, Model } from "asgimod";
import { ArrayAgg, ArrayField, IntegerRangeField, Range } from "asgimod/postgres";

export class Post extends Model("press.Post", {
  title: CharField({ maxLength: 20 }),
  tags: ArrayField(CharField({ maxLength: 10 })),
  ages: IntegerRangeField({ null: true }),
}) {}

declare module "asgimod" {
  interface Apps {
    press: typeof import("./postgres.ts");
  }
}

export async function use(): Promise<void> {
  const found = await Post.aobjects
    .filter({ tags__contains: ["a"], tags__0__startswith: "a", ages__overlap: new Range(1, 5) })
    .filter({ title__search: "x", title__unaccent__icontains: "y", id__contained_by: [1, 5] })
    .valuesList("tags__0", "ages");
  const first: [string | null, Range<number> | null] | undefined = found[0];
  const { titles } = await Post.aobjects.aggregate({ titles: ArrayAgg("title") });
  const texts: string[] | null = titles;
  void first;
  void texts;
  // @ts-expect-error an item of another type
  Post.aobjects.filter({ tags__contains: [1] });
}
