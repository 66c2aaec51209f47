/**
 * The error classes: Django's names, each with a stable `code`.
 *
 * `cause` holds the driver's error where one was thrown.
 */

export interface ErrorOptionsWithCause {
  cause?: unknown;
}

/** The base of every error that this library throws on purpose. */
export class AsgimodError extends Error {
  static readonly code: string = "asgimod_error";
  readonly code: string;

  constructor(message: string, options?: ErrorOptionsWithCause) {
    super(message, options);
    this.name = new.target.name;
    this.code = new.target.code;
  }
}

/** A query names a field, lookup or relation that cannot be used so. */
export class FieldError extends AsgimodError {
  static override readonly code: string = "field_error";
}

/** A model has no field of that name. */
export class FieldDoesNotExist extends AsgimodError {
  static override readonly code: string = "field_does_not_exist";
}

/** The N+1 detector has found the same thing loaded one by one. */
export class NPlusOneError extends AsgimodError {
  static override readonly code: string = "n_plus_one";
}

/** The base of every model's own `DoesNotExist`. */
export class ObjectDoesNotExist extends AsgimodError {
  static override readonly code: string = "does_not_exist";
}

/** The base of every model's own `MultipleObjectsReturned`. */
export class MultipleObjectsReturned extends AsgimodError {
  static override readonly code: string = "multiple_objects_returned";
}

/** A query can have no rows; caught inside the library. */
export class EmptyResultSet extends AsgimodError {
  static override readonly code: string = "empty_result_set";
}

/** A condition holds for every row; caught inside the library. */
export class FullResultSet extends AsgimodError {
  static override readonly code: string = "full_result_set";
}

/** Settings or models are declared wrongly. */
export class ImproperlyConfigured extends AsgimodError {
  static override readonly code: string = "improperly_configured";
}

/** Sync access to a database that is async only. */
export class SynchronousOnlyOperation extends AsgimodError {
  static override readonly code: string = "synchronous_only_operation";
}

/** A query was made inside an `atomic` block that is already broken, or a transaction is misused. */
export class TransactionManagementError extends AsgimodError {
  static override readonly code: string = "transaction_management_error";
}

/** A field or relation is read that fetch mode `FETCH_RAISE` keeps from loading. */
export class FieldFetchBlocked extends FieldError {
  static override readonly code: string = "field_fetch_blocked";
}

/** A call has arguments that do not fit; Python's `TypeError` in Django. */
export class ArgumentTypeError extends TypeError {
  readonly code: string = "type_error";
  override readonly name: string = "TypeError";
}

/** A value does not fit; Python's `ValueError` in Django. */
export class ValueError extends AsgimodError {
  static override readonly code: string = "value_error";
}

/** A call cannot be made in the present state; Python's `RuntimeError` in Django. */
export class RuntimeError extends AsgimodError {
  static override readonly code: string = "runtime_error";
}

/** The settings know no database of that alias. */
export class ConnectionDoesNotExist extends AsgimodError {
  static override readonly code: string = "connection_does_not_exist";
}

/** An index is beyond the rows of a queryset, or there are more values than fields; Python's `IndexError` in Django. */
export class IndexError extends AsgimodError {
  static override readonly code: string = "index_error";
}

/** Something that Django's ORM does not do either. */
export class NotImplementedError extends AsgimodError {
  static override readonly code: string = "not_implemented_error";
}

/** The base of the errors that a database reports. */
export class DatabaseError extends AsgimodError {
  static override readonly code: string = "database_error";
}

/** The base of every model's own `NotUpdated`: `forceUpdate` or `updateFields` found no row. */
export class ObjectNotUpdated extends DatabaseError {
  static override readonly code: string = "not_updated";
}

/** A constraint of the database was violated; `constraint` names it where the database says so. */
export class IntegrityError extends DatabaseError {
  static override readonly code: string = "integrity_error";
  constraint?: string;
}

/** The database cannot do its work: locked, missing table, lost connection. */
export class OperationalError extends DatabaseError {
  static override readonly code: string = "operational_error";
}

/** The database refused the statement itself. */
export class ProgrammingError extends DatabaseError {
  static override readonly code: string = "programming_error";
}

/** The database refused a value: out of range, too long. */
export class DataError extends DatabaseError {
  static override readonly code: string = "data_error";
}

/** The database met a state that it cannot go on from: statements after a failed one in a transaction. */
export class InternalError extends DatabaseError {
  static override readonly code: string = "internal_error";
}

/** The connection was used wrongly: closed, or not opened. */
export class InterfaceError extends AsgimodError {
  static override readonly code: string = "interface_error";
}

/** The database lacks what a query or a field needs. */
export class NotSupportedError extends DatabaseError {
  static override readonly code: string = "not_supported_error";
}

/** `PROTECT` kept objects from being deleted; `protectedObjects` are those that refer to them. */
export class ProtectedError extends IntegrityError {
  static override readonly code: string = "protected_error";
  readonly protectedObjects: ReadonlySet<unknown>;

  constructor(message: string, protectedObjects: ReadonlySet<unknown>) {
    super(message);
    this.protectedObjects = protectedObjects;
  }
}

/** `RESTRICT` kept objects from being deleted; `restrictedObjects` are those that refer to them. */
export class RestrictedError extends IntegrityError {
  static override readonly code: string = "restricted_error";
  readonly restrictedObjects: ReadonlySet<unknown>;

  constructor(message: string, restrictedObjects: ReadonlySet<unknown>) {
    super(message);
    this.restrictedObjects = restrictedObjects;
  }
}
