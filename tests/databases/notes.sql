-- What a project of Amplify Data has (tests/program/amplify): notes with comments and profiles, events, posts, seats.
CREATE TYPE note_status AS ENUM ('DRAFT','PUBLISHED','ARCHIVED');
CREATE TABLE "event" (
  id serial PRIMARY KEY,
  name varchar(255) NOT NULL,
  address text,
  lat double precision,
  long double precision,
  starts_at timestamp,
  created_at timestamp DEFAULT now()
);
CREATE TABLE notes (
  id serial PRIMARY KEY,
  title varchar(200) NOT NULL,
  body text,
  owner varchar(255),
  status note_status DEFAULT 'DRAFT',
  pinned boolean,
  word_count integer,
  rating numeric(5,2),
  due date,
  remind_at time,
  tags text[],
  meta jsonb,
  "createdAt" timestamp,
  "updatedAt" timestamp
);
CREATE TABLE comments (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  note_id integer NOT NULL REFERENCES notes(id),
  author varchar(255),
  content text NOT NULL
);
CREATE TABLE post (
  id serial PRIMARY KEY,
  title varchar(255) NOT NULL,
  slug varchar(255) NOT NULL UNIQUE,
  content text,
  group_name varchar(64),
  editors text[],
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz
);
CREATE TABLE seat (
  venue varchar(40) NOT NULL,
  row_no integer NOT NULL,
  seat_no integer NOT NULL,
  holder varchar(100),
  PRIMARY KEY (venue, row_no, seat_no)
);
CREATE TABLE profile (
  id varchar(36) PRIMARY KEY,
  note_id integer UNIQUE REFERENCES notes(id),
  email varchar(255),
  homepage text,
  phone varchar(40),
  ip inet
);
CREATE TABLE audit_log (at timestamp, line text);
