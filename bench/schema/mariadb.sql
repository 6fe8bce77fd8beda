-- Benchmark schema for MariaDB 10.6+ / MySQL 8: the same 13 tables and rows as in pg.sql, in the database of the
-- connection. Text is compared byte by byte, as in PostgreSQL.
ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
SET FOREIGN_KEY_CHECKS = 0;
DROP TABLE IF EXISTS country, customer, address, category, tag, product, product_tag, orders, order_line, review, room,
  membership, message;
CREATE TABLE country (
  code char(2) PRIMARY KEY, name varchar(100) NOT NULL, region varchar(50) NOT NULL
);
CREATE TABLE customer (
  id int PRIMARY KEY, email varchar(200) NOT NULL UNIQUE, full_name varchar(200) NOT NULL,
  country_code char(2) NOT NULL, is_active tinyint(1) NOT NULL, credit decimal(12,2) NOT NULL,
  phone varchar(40), birth_date date, labels json NOT NULL, profile json NOT NULL,
  created_at datetime(6) NOT NULL,
  KEY customer_country_idx (country_code, id),
  FOREIGN KEY (country_code) REFERENCES country (code)
);
CREATE TABLE address (
  id int PRIMARY KEY, customer_id int NOT NULL, kind enum('home','work','other') NOT NULL,
  line1 varchar(200) NOT NULL, city varchar(100) NOT NULL, postcode varchar(20) NOT NULL,
  country_code char(2) NOT NULL, lat double NOT NULL, lon double NOT NULL,
  KEY address_customer_idx (customer_id),
  FOREIGN KEY (customer_id) REFERENCES customer (id), FOREIGN KEY (country_code) REFERENCES country (code)
);
CREATE TABLE category (
  id int PRIMARY KEY, parent_id int, slug varchar(100) NOT NULL UNIQUE, name varchar(100) NOT NULL,
  KEY category_parent_idx (parent_id), FOREIGN KEY (parent_id) REFERENCES category (id)
);
CREATE TABLE tag (id int PRIMARY KEY, name varchar(100) NOT NULL UNIQUE);
CREATE TABLE product (
  id int PRIMARY KEY, category_id int NOT NULL, sku varchar(40) NOT NULL UNIQUE, title varchar(200) NOT NULL,
  subtitle varchar(200), description text NOT NULL, brand varchar(100) NOT NULL, price decimal(10,2) NOT NULL,
  list_price decimal(10,2) NOT NULL, currency char(3) NOT NULL, stock int NOT NULL,
  status enum('draft','active','retired') NOT NULL, weight_g int NOT NULL, width_mm int NOT NULL,
  height_mm int NOT NULL, depth_mm int NOT NULL, color varchar(40), material varchar(40),
  origin_country char(2) NOT NULL, warranty_months smallint NOT NULL, rating double NOT NULL,
  rating_count int NOT NULL, is_featured tinyint(1) NOT NULL, is_digital tinyint(1) NOT NULL,
  attributes json NOT NULL, keywords json NOT NULL, released_on date NOT NULL, created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL, external_id char(36) NOT NULL, barcode varchar(40) NOT NULL, notes text,
  KEY product_category_idx (category_id), KEY product_created_idx (created_at, id),
  FOREIGN KEY (category_id) REFERENCES category (id), FOREIGN KEY (origin_country) REFERENCES country (code)
);
CREATE TABLE product_tag (
  product_id int NOT NULL, tag_id int NOT NULL, PRIMARY KEY (product_id, tag_id),
  KEY product_tag_tag_idx (tag_id, product_id),
  FOREIGN KEY (product_id) REFERENCES product (id), FOREIGN KEY (tag_id) REFERENCES tag (id)
);
CREATE TABLE orders (
  id int PRIMARY KEY AUTO_INCREMENT, customer_id int NOT NULL, address_id int NOT NULL,
  status enum('cart','placed','paid','shipped','delivered','cancelled') NOT NULL,
  total decimal(12,2) NOT NULL, note text, placed_at datetime(6) NOT NULL,
  KEY orders_customer_idx (customer_id, placed_at, id), KEY orders_status_idx (status, placed_at, id),
  KEY orders_address_idx (address_id),
  FOREIGN KEY (customer_id) REFERENCES customer (id), FOREIGN KEY (address_id) REFERENCES address (id)
);
CREATE TABLE order_line (
  id int PRIMARY KEY AUTO_INCREMENT, order_id int NOT NULL, product_id int NOT NULL, quantity int NOT NULL,
  unit_price decimal(10,2) NOT NULL, discount double NOT NULL,
  KEY order_line_order_idx (order_id), KEY order_line_product_idx (product_id),
  FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE, FOREIGN KEY (product_id) REFERENCES product (id)
);
CREATE TABLE review (
  id int PRIMARY KEY AUTO_INCREMENT, product_id int NOT NULL, customer_id int NOT NULL, stars smallint NOT NULL,
  body text NOT NULL, created_at datetime(6) NOT NULL,
  KEY review_product_idx (product_id, stars), KEY review_customer_idx (customer_id),
  FOREIGN KEY (product_id) REFERENCES product (id), FOREIGN KEY (customer_id) REFERENCES customer (id)
);
CREATE TABLE room (
  id int PRIMARY KEY, owner_id int NOT NULL, name varchar(100) NOT NULL, topic varchar(200),
  is_public tinyint(1) NOT NULL, created_at datetime(6) NOT NULL,
  KEY room_owner_idx (owner_id), FOREIGN KEY (owner_id) REFERENCES customer (id)
);
CREATE TABLE membership (
  room_id int NOT NULL, customer_id int NOT NULL, role enum('admin','member','guest') NOT NULL,
  joined_at datetime(6) NOT NULL, PRIMARY KEY (room_id, customer_id), KEY membership_customer_idx (customer_id),
  FOREIGN KEY (room_id) REFERENCES room (id), FOREIGN KEY (customer_id) REFERENCES customer (id)
);
CREATE TABLE message (
  id bigint PRIMARY KEY AUTO_INCREMENT, room_id int NOT NULL, sender_id int NOT NULL, reply_to_id bigint,
  body text NOT NULL, sent_at datetime(6) NOT NULL,
  KEY message_room_idx (room_id, sent_at, id), KEY message_sender_idx (sender_id), KEY message_reply_idx (reply_to_id),
  FOREIGN KEY (room_id) REFERENCES room (id), FOREIGN KEY (sender_id) REFERENCES customer (id),
  FOREIGN KEY (reply_to_id) REFERENCES message (id)
);
