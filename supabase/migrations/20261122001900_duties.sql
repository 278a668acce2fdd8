-- Separation of duties that is more than "not the author": orders, refunds, reviews of what a model
-- said. Written in the code as shared/access/duties.ts. GN006: somebody else has to do this.

-- The newest value of a setting at a site, else of all sites, else what the code takes by default.
create function private.setting(p_location uuid, p_key text, p_default numeric) returns numeric
language sql stable security definer set search_path = '' as $$
  select coalesce((
    select (c.value #>> '{}')::numeric from public.location_configs c
     where c.key = p_key and c.effective_from <= now()
       and (c.location_id = p_location or c.location_id is null)
     order by c.location_id is null, c.effective_from desc limit 1), p_default)
$$;

-- Up to which amount somebody decides alone, in cents: the largest limit of their grants at a site.
create function private.own_limit(p_location uuid, p_key text) returns numeric
language plpgsql stable security definer set search_path = '' as $$
begin
  return coalesce((
    select max(case g.role
        when 'LM' then private.setting(p_location, p_key || '.LM', 50000)
        when 'MG' then private.setting(p_location, p_key || '.MG', 250000)
        when 'SA' then 100000000000
        else 0
      end)
      from public.user_roles g
      join public.users u on u.id = g.user_id and u.status = 'active'
     where g.user_id = auth.uid()
       and g.valid_from <= now() and (g.valid_to is null or now() < g.valid_to)
       and (g.location_id is null or g.location_id = p_location)), 0);
end $$;

-- What an order comes to, in cents: lines that were not taken out, each rounded to the cent.
create function private.order_total(p_order uuid) returns numeric
language sql stable security definer set search_path = '' as $$
  select coalesce(sum(round(l.qty_ordered * coalesce(l.unit_price_cents, 0) / 10000.0)), 0)
    from public.purchase_order_lines l where l.order_id = p_order and not l.removed
$$;

-- An order is approved by somebody else than its author, as it stands, within the own limit.
create function private.guard_po_approval() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  author uuid;
  site uuid;
begin
  if current_setting('role') <> 'authenticated' then return new; end if;
  select o.created_by, o.location_id into author, site
    from public.purchase_orders o where o.id = new.order_id;
  if not found then
    raise exception 'po_approvals: there is no such order' using errcode = '23503';
  end if;
  if site <> new.location_id then
    raise exception 'po_approvals: the order is of another site' using errcode = 'GN003';
  end if;
  if author is not distinct from auth.uid() then
    raise exception 'po_approvals: the author does not decide' using errcode = 'GN006';
  end if;
  if new.decision = 'approved' then
    if new.amount_cents <> private.order_total(new.order_id) then
      raise exception 'po_approvals: the amount is not that of the order'
        using errcode = '23514', constraint = 'po_approvals_amount_cents_check',
          column = 'amount_cents';
    end if;
    if new.amount_cents > private.own_limit(new.location_id, 'po.limit') then
      raise exception 'po_approvals: above the own limit' using errcode = 'GN006';
    end if;
  end if;
  return new;
end $$;

create trigger guard_duty before insert on public.po_approvals
  for each row execute function private.guard_po_approval();

-- Card events are the server's. Money goes back above a limit only by somebody who did not take it.
create function private.guard_payment() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  -- Inside this function the current user is its owner; the role that was set tells who writes.
  if current_setting('role') <> 'authenticated' then return new; end if;
  if new.method = 'card_present' then
    raise exception 'payment_transactions: card events are written by the server'
      using errcode = 'GN003';
  end if;
  if exists (
    select from public.payment_transactions t
     where t.intent_id = new.intent_id and t.location_id <> new.location_id) then
    raise exception 'payment_transactions: the payment is of another site' using errcode = 'GN003';
  end if;
  if new.event in ('refunded', 'voided')
     and new.amount_cents > private.setting(new.location_id, 'refund.limit', 10000)
     and exists (
       select from public.payment_transactions t
        where t.intent_id = new.intent_id and t.event = 'succeeded'
          and auth.uid() in (t.created_by, t.collected_by)) then
    raise exception 'payment_transactions: who took the money does not give it back'
      using errcode = 'GN006';
  end if;
  return new;
end $$;

create trigger guard_duty before insert on public.payment_transactions
  for each row execute function private.guard_payment();

-- Whoever gathered the evidence is not the only one who agrees with what a model made of it.
create function private.guard_ai_review() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if current_setting('role') = 'authenticated' and new.verdict = 'agree'
     and exists (
       select from public.authorization_evidence e
        where e.created_by = auth.uid()
          and e.request_id in (new.request_id, (
            select a.request_id from public.ai_analysis_results a where a.id = new.result_id)))
     and not exists (
       select from public.ai_reviews r
        where r.result_id = new.result_id and r.reviewer_id <> auth.uid()) then
    raise exception 'ai_reviews: somebody else has to look first' using errcode = 'GN006';
  end if;
  return new;
end $$;

create trigger guard_duty before insert on public.ai_reviews
  for each row execute function private.guard_ai_review();

revoke execute on all functions in schema private from public;
