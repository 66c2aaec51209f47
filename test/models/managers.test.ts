import assert from "node:assert/strict";
import { test } from "node:test";
import { CharField } from "../../src/fields/factories.ts";
import { Model } from "../../src/models/factory.ts";
import type { Manager, ModelClass } from "../../src/models/types.ts";
import { FakeManager } from "./hooks.ts";

const name = CharField({ maxLength: 30 });
type Class = ModelClass & { extend(label: string, fields?: object, meta?: object): Class };
const model = (label: string, meta?: object) => Model(label, { name }, meta) as Class;
const manager = (cls: ModelClass, key: string) =>
  (cls as unknown as Record<string, FakeManager>)[key] as FakeManager;
const names = (cls: ModelClass) => cls._meta.managers.names;

test("objects and aobjects: one manager for each class and colour", () => {
  class Pizza extends model("man.Pizza") {}
  assert.equal(Pizza.objects, Pizza.objects);
  assert.equal(Pizza.objects.model, Pizza);
  assert.equal(Pizza.objects.mode, "sync");
  assert.equal(Pizza.aobjects.mode, "async");
  assert.equal(Pizza._defaultManager, Pizza.objects);
  assert.notEqual(Pizza._baseManager, Pizza.objects);
  assert.equal(Pizza._baseManager, Pizza._baseManager);
  assert.equal(Pizza._meta.defaultManager("async"), Pizza.aobjects);
});

test("a class that its own static initialiser uses is known from then on", () => {
  class Eager extends model("man.Eager") {
    static readonly first: Manager = Eager.objects;
  }
  assert.equal(Eager.first.model, Eager);
});

test("managers as static properties are bound to the children's classes", () => {
  class Post extends model("man.Post") {
    static readonly published = new FakeManager(Post, "sync", "published");
  }
  class News extends Post.extend("man.News") {}
  assert.deepEqual(names(Post), ["published"]);
  assert.deepEqual(names(News), ["published"]);
  const bound = manager(News, "published");
  assert.equal(bound.model, News);
  assert.equal(bound.made, "published");
  assert.equal(manager(News, "published"), bound);
  assert.equal(News._meta.managers.defaultName, "objects");
});

test("an objects of one's own is the default manager, in both colours", () => {
  class Doc extends model("man.Doc") {
    static override readonly objects: FakeManager = new FakeManager(Doc, "sync", "own");
  }
  assert.equal(Doc._defaultManager, Doc.objects);
  const async = Doc._meta.defaultManager("async") as FakeManager;
  assert.equal(async.mode, "async");
  assert.equal(async.made, "own");
  assert.equal(Doc._meta.defaultManager("async"), async);
});

test("managers of the meta: both colours, the first is the default", () => {
  const published = () => "published";
  const drafts = () => "drafts";
  class Post extends model("man.MetaPost", { managers: { published, drafts } }) {}
  assert.equal(manager(Post, "published").made, published);
  assert.equal(manager(Post, "apublished").made, published);
  assert.equal(manager(Post, "apublished").mode, "async");
  assert.equal(manager(Post, "published").model, Post);
  assert.equal(Post._defaultManager, manager(Post, "published"));
  assert.equal(Post._meta.defaultManager("async"), manager(Post, "apublished"));
  class Kid extends Post.extend("man.MetaKid", {}, { proxy: true }) {}
  assert.equal(manager(Kid, "apublished").model, Kid);
  assert.equal(Kid._meta.managers.defaultName, "published");
  assert.equal((Kid._defaultManager as FakeManager).made, published);
});

test("an objects of the meta replaces the automatic one", () => {
  const all = () => "all";
  const Post = model("man.Replaced", { managers: { objects: all } });
  assert.equal((Post.objects as FakeManager).made, all);
  assert.equal((Post.aobjects as FakeManager).made, all);
  assert.equal(Post._meta.defaultManager("async"), Post.aobjects);
  assert.equal((Post._baseManager as FakeManager).made, null);
});

test("defaultManagerName and baseManagerName", () => {
  const some = () => "some";
  const named = {
    managers: { objects: some, other: some },
    defaultManagerName: "other",
    baseManagerName: "other",
  };
  const Post = model("man.Named", named);
  assert.equal(Post._defaultManager, manager(Post, "other"));
  assert.equal(Post._baseManager, manager(Post, "other"));
  const Kid = Post.extend("man.NamedKid");
  assert.equal(Kid._defaultManager, manager(Kid, "other"));
  assert.equal((Kid._baseManager as FakeManager).model, Kid);
  const Wrong = model("man.Wrong", { defaultManagerName: "nobody" });
  assert.throws(() => Wrong._defaultManager, {
    name: "ValueError",
    message: "Wrong has no manager named 'nobody'",
  });
});

test("Q is passed on", () => {
  assert.deepEqual((model("man.Asked") as unknown as { Q(q: object): unknown }).Q({ name: "a" }), {
    q: [{ name: "a" }],
  });
});

test("abstract models have no managers of their own, but pass on those of their meta", () => {
  const some = () => "some";
  const Stamped = model("man.Stamped", { abstract: true, managers: { recent: some } });
  assert.throws(() => Stamped.objects, {
    name: "TypeError",
    message: "Manager isn't available; Stamped is abstract",
  });
  class Post extends Stamped.extend("man.StampedPost", {}, { ordering: ["id"] }) {}
  assert.equal(manager(Post, "recent").made, some);
  assert.equal(manager(Post, "arecent").model, Post);
  assert.equal(Post._defaultManager, manager(Post, "recent"));
  assert.equal(Post.objects.model, Post);
});
