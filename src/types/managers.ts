/** Managers: where querysets of a model start. */
import type { Mode } from "../task.ts";
import type { InstanceOf } from "./instances.ts";
import type { AsyncQueries, Empty, QuerySetOf, SyncQueries } from "./queryset.ts";
import type { QuerySetCreate } from "./queryset-execute.ts";

/** What managers have beside a queryset's methods. */
export interface ManagerMembers<C extends Mode, M, X> {
  /** The model's class. */
  readonly model: unknown;
  /** A new queryset of the model; what `all()` gives. */
  getQueryset(): QuerySetOf<C, M, InstanceOf<M>, Empty, X>;
  /** This manager on another database. Django: "Using managers with multiple databases". */
  dbManager(using: string | null): ManagerOf<C, M, X>;
  /**
   * A manager with methods of your own, which its querysets have too.
   * Django: "Custom managers".
   *
   * @example
   * ```ts
   * class Pizza extends Model("testapp.Pizza", {...}) {
   *   static cheap = Pizza.objects.extend({ under(n: string) { return this.filter({ price__amount__lt: n }); } });
   * }
   * Pizza.cheap.filter({ name__startswith: "M" }).under("9");
   * ```
   */
  extend<X2 extends object>(
    methods: X2 & ThisType<QuerySetOf<C, M, InstanceOf<M>, Empty, X & X2>>,
  ): ManagerOf<C, M, X & X2>;
}

/** A sync manager: `Pizza.objects`. */
export interface Manager<in out M, out X = unknown>
  extends ManagerMembers<"sync", M, X>,
    QuerySetCreate<"sync", M, Empty>,
    SyncQueries<M, InstanceOf<M>, Empty, X> {}

/** An async manager: `Pizza.aobjects`. */
export interface AsyncManager<in out M, out X = unknown>
  extends ManagerMembers<"async", M, X>,
    QuerySetCreate<"async", M, Empty>,
    AsyncQueries<M, InstanceOf<M>, Empty, X> {}

/** The manager of a colour, with the methods that `extend` added. */
export type ManagerOf<C extends Mode, M, X> = (C extends "sync" ? Manager<M, X> : AsyncManager<M, X>) & X;
