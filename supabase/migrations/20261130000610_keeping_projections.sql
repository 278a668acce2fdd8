-- What repeats a row goes with it, in the same transaction: it may have been written later than the row,
-- and would else be kept, and keep what it names, for years after the row has gone.

-- True when the time of a row is over, whoever refers to it. A projection has the time of its row.
create or replace function private.may_go(p_table text, p_row jsonb) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  rule private.retention_rules;
  patient uuid;
  last_change timestamptz := (p_row ->> 'recorded_at')::timestamptz;
  ended timestamptz;
  parent text;
  parent_row jsonb;
  there boolean;
begin
  select r.* into rule from private.retention_rules r where r.table_name = p_table;
  if rule.years is null then return false; end if;
  if rule.source_table is not null then
    execute format('select exists (select from public.%I t where t.id = $1)', rule.source_table)
      into there using (p_row ->> 'id')::uuid;
    return not there;
  end if;
  patient := private.patient_of(rule, p_row);
  if patient is null and p_row ->> 'deleted_at' is not null
     and greatest((p_row ->> 'deleted_at')::timestamptz, last_change)
         < now() - private.taken_back_for() then
    return true;
  end if;

  ended := last_change;
  if rule.ends_field is not null then
    if p_row ->> rule.ends_field is null then return false; end if;
    ended := greatest(ended, (p_row ->> rule.ends_field)::timestamptz);
  end if;
  if ended >= now() - make_interval(years => private.years_kept(rule.years)) then return false; end if;
  if (p_row ->> rule.not_before_field)::date >= current_date then return false; end if;
  if rule.until_field is not null
     and (p_row ->> rule.until_field = any (rule.until_values)) is not true then
    return false;
  end if;
  if patient is not null and exists (
       select from public.patients p where p.id = patient
          and p.birth_date + make_interval(years => private.minors_until_age()) > now()) then
    return false;
  end if;

  if rule.while_table is not null then
    execute format('select exists (select from public.%I t where t.%I = $1)',
      rule.while_table, rule.while_column) into there using (p_row ->> 'id')::uuid;
    if there then return false; end if;
  end if;
  -- On-hand begins at the last posted count: what is older than that count adds nothing to it.
  if rule.reckoned and not exists (
       select from public.count_lines l
         join public.count_sessions s on s.id = l.session_id and s.status = 'posted'
        where l.item_id = (p_row ->> 'item_id')::uuid
          and l.location_id = (p_row ->> 'location_id')::uuid
          and l.lot_id is not distinct from (p_row ->> 'lot_id')::uuid
          and (l.hlc, l.id) > ((p_row ->> 'hlc') collate "C", (p_row ->> 'id')::uuid)) then
    return false;
  end if;
  if p_row ->> rule.with_column is not null then
    parent := coalesce(rule.with_table, p_row ->> rule.named_table_column);
    execute format('select to_jsonb(t) from public.%I t where t.id = $1', parent)
      into parent_row using (p_row ->> rule.with_column)::uuid;
    if parent_row is not null and not private.may_go(parent, parent_row) then return false; end if;
  end if;
  return true;
end $$;

-- Looks at so many rows of a table behind a place in its feed, oldest first (or, with p_taken_back, at
-- those that were taken back, behind an id), and removes those whose time is over and that nothing
-- which stays names, with a note for devices and an entry in the audit chain of p_device that counts
-- them. Rows that somebody works on at this moment are passed over.
create or replace function private.remove_over(
  p_table text, p_xid xid8, p_id uuid, p_limit integer, p_device uuid, p_taken_back boolean
)
returns table (
  looked integer, removed integer, held integer, last_xid text, last_id uuid, more boolean, parts text[]
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  rule private.retention_rules;
  cutoff timestamptz;
  due uuid[];
  youngest timestamptz;
  gone integer;
  told text[];
begin
  if current_setting('role') <> 'ganger_retention' then
    raise exception 'rows are removed by the retention alone' using errcode = 'GN003';
  end if;
  select r.* into rule from private.retention_rules r where r.table_name = p_table;
  if rule.years is null then
    raise exception 'retention: rows of % are kept for ever', p_table using errcode = 'GN003';
  end if;
  removed := 0;
  parts := '{}';
  if p_taken_back then
    cutoff := now() - private.taken_back_for();
    execute format(
      'select count(*), array_agg(w.id), max(w.id::text)::uuid from (
         select t.id from public.%I t where t.deleted_at < $1 and t.id > $2
          order by t.id limit $3) w', p_table)
      into looked, due, last_id using cutoff, p_id, p_limit;
    more := looked = p_limit;
  else
    cutoff := now() - make_interval(years => private.years_kept(rule.years));
    execute format(
      'select count(*), array_agg(w.id) filter (where w.recorded_at < $1),
              (array_agg(w.row_xid::text order by w.row_xid desc, w.id desc))[1],
              (array_agg(w.id order by w.row_xid desc, w.id desc))[1],
              (array_agg(w.recorded_at order by w.row_xid desc, w.id desc))[1]
         from (select t.id, t.row_xid, t.recorded_at from public.%I t
                where (t.row_xid, t.id) > ($2, $3) order by t.row_xid, t.id limit $4) w', p_table)
      into looked, due, last_xid, last_id, youngest using cutoff, p_xid, p_id, p_limit;
    -- Places in the feed follow the last changes: behind a young row there are only younger ones.
    more := looked = p_limit and youngest < cutoff;
  end if;
  held := coalesce(cardinality(due), 0);
  if held = 0 then return next; return; end if;

  -- Locked before it is looked who names them: a row that comes to name one waits, or is seen.
  execute format(
    'select array_agg(l.id) from (
       select t.id from public.%I t where t.id = any ($1) order by t.id for update skip locked) l',
    p_table) into due using due;
  -- The rows first, then what repeats them.
  for rule in
    select r.* from private.retention_rules r
     where r.table_name = p_table or r.source_table = p_table
     order by r.table_name <> p_table, r.table_name
  loop
    execute format(
      'with gone as (
         delete from public.%1$I t
          where t.id = any ($1) and private.may_go(%1$L, to_jsonb(t)) and %2$s
         returning t.id, to_jsonb(t) as doc),
       noted as (
         insert into private.removed_rows (table_name, row_id) select %1$L, g.id from gone g
         on conflict do nothing),
       told as (
         insert into private.part_departures as d (table_name, part, row_id, removed)
           select %1$L, part, g.id, true from gone g cross join private.held_in($2, g.doc) part
         on conflict (table_name, part, row_id) do update
           set removed = true, left_xid = pg_current_xact_id(), left_at = now()
         returning d.part)
       select (select count(*) from gone), array(select distinct t.part from told t)',
      rule.table_name, private.unnamed(rule.table_name)) into gone, told using due, rule;
    parts := parts || told;
    if rule.table_name = p_table then
      removed := gone;
      held := held - gone;
    end if;
    if gone > 0 then
      perform private.append_audit(p_device, jsonb_build_array(jsonb_build_object(
        'action', 'update', 'table_name', rule.table_name,
        'row_id', '00000000-0000-0000-0000-000000000000',
        'outcome', format('kept for its time: %s removed', gone))));
    end if;
  end loop;
  if removed > 0 and p_table = 'inventory_items' then
    delete from private.item_gtins g
     where g.item_id = any (due)
       and not exists (select from public.inventory_items i where i.id = g.item_id);
  end if;
  return next;
end $$;
