-- Several schemas with tables of the same names, and types and keys that reach across.
CREATE SCHEMA sales;
CREATE SCHEMA hr;
CREATE SCHEMA empty;
CREATE SCHEMA types;
CREATE TYPE types.status AS ENUM ('open', 'closed');
CREATE TYPE sales.status AS ENUM ('new', 'paid');
CREATE DOMAIN types.email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE public.person (id serial PRIMARY KEY, mail types.email, state types.status DEFAULT 'open');
CREATE TABLE sales.person (id serial PRIMARY KEY, public_id integer REFERENCES public.person, state sales.status);
CREATE TABLE hr.person (id serial PRIMARY KEY, manager_id integer REFERENCES hr.person, sales_id integer REFERENCES sales.person);
CREATE TABLE sales.bill (id bigint PRIMARY KEY, person_id integer NOT NULL REFERENCES sales.person ON DELETE CASCADE, at timestamptz DEFAULT now());
CREATE VIEW sales.open_bill AS SELECT b.id, p.state FROM sales.bill b JOIN sales.person p ON p.id = b.person_id;
CREATE TABLE types.lookup (code text PRIMARY KEY);
COMMENT ON TYPE types.status IS 'of anything';
