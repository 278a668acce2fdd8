-- Entries of devices are appended as a set: one by one, 500 of them took half of a second.

create or replace function private.append_device_entries(
  p_chain uuid, p_entries jsonb
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  head private.device_chains;
  site uuid;
  wrong integer;
  added integer := jsonb_array_length(p_entries);
begin
  select c.* into strict head from private.device_chains c where c.id = p_chain for update;
  select d.location_id into site from public.devices d where d.id = head.device_id;
  -- Each hash needs the one before, which stands in the entry before: they are judged all at once.
  select min(e.nth) into wrong
    from (select a.nth, (a.value ->> 0)::integer as seq, a.value ->> 1 as hash,
                 a.value ->> 2 as body,
                 lag(a.value ->> 1, 1, head.hash) over (order by a.nth) as before
            from jsonb_array_elements(p_entries) with ordinality a (value, nth)) e
   where e.seq <> head.seq + e.nth
      or e.hash <> private.link_hash(e.before, p_chain, e.seq, e.body);
  if wrong is not null then
    raise exception 'append_device_entries: entry % does not follow', head.seq + wrong
      using errcode = 'GN008';
  end if;
  insert into private.device_entries (chain_id, seq, hash, body, device_id, location_id)
  select p_chain, (a.value ->> 0)::integer, a.value ->> 1, a.value ->> 2, head.device_id, site
    from jsonb_array_elements(p_entries) with ordinality a (value, nth)
   order by a.nth;
  if added > 0 then
    update private.device_chains c
       set seq = head.seq + added, hash = p_entries -> (added - 1) ->> 1
     where c.id = p_chain;
  end if;
  return head.seq + added;
end $$;
