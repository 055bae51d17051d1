/**
 * A statement that PostgreSQL parses and plans once per connection (a named prepared statement): half the cost of an
 * unnamed one. By convention `$1` is the client's id; test/sql proves it of every one.
 */
export interface Statement {
  /** Unique: it is the statement's name on the connection. */
  readonly name: string;
  readonly text: string;
}

/** One that is put together for a request: each text has a plan of its own, and names would fill the connections. */
export interface UnnamedStatement {
  readonly name?: undefined;
  readonly text: string;
}
