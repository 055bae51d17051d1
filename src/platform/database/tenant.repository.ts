import type { QueryResultRow } from 'pg';
import type { Page, PageQuery } from '../common/pagination/page.js';
import type { Tenant } from '../common/tenancy/tenant.js';
import type { Database, Holder } from './database.js';
import type { ListStatement } from './list.sql.js';
import { readPage, type PageRow } from './page-rows.js';
import type { Statement, UnnamedStatement } from './statement.js';

/** The only way to a tenant's rows: the client's id goes in as `$1`, and from nowhere else. */
export abstract class TenantRepository {
  constructor(private readonly database: Database) {}

  /** A statement that raises events says so in a column `raised`. */
  protected async rows<Row extends QueryResultRow>(
    tenant: Holder,
    statement: Statement | UnnamedStatement,
    ...values: unknown[]
  ): Promise<Row[]> {
    return this.notifyIfRaised(await this.database.runFor<Row>(tenant, statement, values));
  }

  /** Runs `work` in one transaction. */
  protected transaction<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.database.transaction(tenant, work);
  }

  protected async row<Row extends QueryResultRow>(
    tenant: Tenant,
    statement: Statement,
    ...values: unknown[]
  ): Promise<Row | undefined> {
    return (await this.rows<Row>(tenant, statement, ...values))[0];
  }

  /** 'taken' where another row has the key; then the statement changed nothing. */
  protected async rowsUnlessTaken<Row extends QueryResultRow>(
    tenant: Tenant,
    statement: Statement,
    ...values: unknown[]
  ): Promise<Row[] | 'taken'> {
    const rows = await this.database.runOrNullOnConflict<Row>(tenant, statement, values);
    return rows ? this.notifyIfRaised(rows) : 'taken';
  }

  protected async rowUnlessTaken<Row extends QueryResultRow>(
    tenant: Tenant,
    statement: Statement,
    ...values: unknown[]
  ): Promise<Row | undefined | 'taken'> {
    const rows = await this.rowsUnlessTaken<Row>(tenant, statement, ...values);
    return rows === 'taken' ? rows : rows[0];
  }

  /** A page of a list that every client has. @throws Refusal 422 on its cursor */
  protected async page<Row extends { readonly id: string }>(
    tenant: Holder,
    list: ListStatement,
    query: PageQuery,
    ...values: unknown[]
  ): Promise<Page<Row>> {
    return (await this.findPage<Row>(tenant, list, query, ...values))!;
  }

  /** Null where there is no such list: what it would be of is not there. @throws Refusal 422 on its cursor */
  protected async findPage<Row extends { readonly id: string }>(
    tenant: Holder,
    list: ListStatement,
    query: PageQuery,
    ...values: unknown[]
  ): Promise<Page<Row> | null> {
    return readPage(list, query, (statement, limit, cursor) =>
      this.rows<PageRow<Row>>(tenant, statement, limit, cursor, ...values),
    );
  }

  private notifyIfRaised<Row extends QueryResultRow>(rows: Row[]): Row[] {
    if (rows.some(({ raised }) => raised === true)) {
      this.database.raised();
    }
    return rows;
  }
}
