-- A trade item number belongs to one item. Two people may give it to two items offline: both stand,
-- and somebody decides which one it is.

create table private.item_gtins (
  gtin text primary key,
  item_id uuid not null
);
create index item_gtins_item_idx on private.item_gtins (item_id);
alter table private.item_gtins enable row level security;

create function private.index_gtins() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  own text[] := array(
    select distinct p ->> 'gtin' from jsonb_array_elements(new.packs) p
     where p ->> 'gtin' is not null);
  clash record;
begin
  delete from private.item_gtins g
   where g.item_id = new.id and (new.status = 'merged' or g.gtin <> all (own));
  if new.status = 'merged' then return null; end if;
  insert into private.item_gtins (gtin, item_id)
    select g, new.id from unnest(own) g on conflict (gtin) do nothing;
  for clash in
    select g.gtin, g.item_id from private.item_gtins g
     where g.gtin = any (own) and g.item_id <> new.id
  loop
    -- The same two items and number give the same review, however often they are written.
    insert into public.review_items (
      id, created_at, kind, table_name, row_id, field, facts, status)
    values (
      md5(concat_ws('|', 'gtin-clash', clash.gtin, least(clash.item_id, new.id),
        greatest(clash.item_id, new.id)))::uuid,
      date_trunc('milliseconds', now()), 'gtin_clash', 'inventory_items', new.id, 'packs',
      jsonb_build_object('gtin', clash.gtin, 'items', jsonb_build_array(clash.item_id, new.id)),
      'open')
    on conflict (id) do nothing;
  end loop;
  return null;
end $$;

create trigger index_gtins after insert or update of packs, status on public.inventory_items
  for each row execute function private.index_gtins();

-- Items that were there before. The first one keeps a number; there are none twice in practice.
insert into private.item_gtins (gtin, item_id)
  select distinct on (p ->> 'gtin') p ->> 'gtin', i.id
    from public.inventory_items i cross join jsonb_array_elements(i.packs) p
   where p ->> 'gtin' is not null and i.status <> 'merged'
   order by p ->> 'gtin', i.row_xid, i.id
on conflict do nothing;

revoke execute on all functions in schema private from public;
