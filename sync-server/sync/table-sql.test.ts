import { describe, expect, test } from 'vitest';
import { changeableFields } from '#shared/merge/join.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import { codecOf } from './row-codec.ts';
import { START, documentColumns, insertSql, pullSql, readSql, updateSql } from './table-sql.ts';

const part = (name: string) => ({ part: name, ...START });

describe('SQL made from definitions', () => {
  test('names every column and never asks for all', () => {
    for (const table of TABLE_NAMES) {
      const texts = [
        pullSql(table, [part('all'), part('org')], 10).text,
        readSql(table),
        insertSql(table),
        updateSql(table, changeableFields(table)),
      ];
      for (const text of texts) {
        expect(text).toContain(`public."${table}"`);
        expect(text).not.toMatch(/\bt?\.?\*/);
      }
    }
  });

  test('leaves fields that stay on the server out of documents', () => {
    for (const table of TABLE_NAMES) {
      const names = documentColumns(table).map(([name]) => name);
      const hidden = Object.entries(tableOf(table).fields)
        .filter(([, field]) => !field.onDevice)
        .map(([name]) => name);
      expect(names.filter((name) => hidden.includes(name))).toEqual([]);
      for (const column of ['row_xid', 'row_version', 'recorded_at', 'field_by', 'deleted_at']) {
        // audit_logs carries recorded_at as a field of its own.
        if (Object.hasOwn(tableOf(table).fields, column)) continue;
        expect(names).not.toContain(column);
      }
    }
  });

  test('carries what a request says as values, whatever it says', () => {
    const evil = `loc:' or true; drop table users --`;
    const { text, values } = pullSql('item_locations', [{ part: evil, xid: '7', id: 'x' }], 3);
    expect(text).not.toContain('drop table');
    const site = "' or true; drop table users --";
    // Of what left the part and lies in none that is held, and of what is new in it.
    expect(values).toEqual([3, site, 'item_locations', evil, '7', 'x', site, '7', 'x']);
  });

  test('gives a part that does not fit its table nothing', () => {
    expect(pullSql('inventory_items', [part('loc:1')], 1).text).toContain('where false');
    expect(pullSql('stock_acts', [part('own:1')], 1).text).toContain('where false');
    expect(pullSql('stock_acts', [part('whatever')], 1).text).toContain('where false');
  });

  test('finds what it changes by its key, however long the table', () => {
    expect(updateSql('item_locations', ['par'])).toContain('t.id = any ($2::uuid[])');
  });

  test('writes only what may change', () => {
    const text = updateSql('inventory_items', changeableFields('inventory_items'));
    const set = text.slice(text.indexOf(' set '), text.indexOf(' from '));
    expect(set).toContain('"name" =');
    expect(set).toContain('"field_hlc" =');
    for (const frozen of ['base_unit', 'id', 'created_at', 'created_by']) {
      expect(set).not.toContain(`"${frozen}"`);
    }
  });
});

test('instants are rounded down and kept to the millisecond both ways', () => {
  const { toColumn, toDocument } = codecOf('instant');
  expect(toColumn('r."x"')).toContain(`interval '1 millisecond'`);
  expect(toDocument('t."x"')).toContain('floor');
});
