-- Plans of the sync server reckon with pages that lie in memory. With the default of 4 a lookup by key
-- in people, grants or sites (some hundred rows) seems dearer than reading all of them, and that is
-- what the functions of the policies and the checks of foreign keys did for every row of a push: twice
-- the work of each. Cursors and windows are asked for by their indexes in any case.
alter role ganger_sync set random_page_cost = 1.1;
