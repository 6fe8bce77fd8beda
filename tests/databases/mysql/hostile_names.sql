-- Names that are words of SQL, of Prisma or of nothing.
CREATE TABLE `select` (`from` int NOT NULL PRIMARY KEY, `order by` int, `1st` int, `ä` int, `_` int, `a``b` int, `wéird-näme` int);
CREATE TABLE `async` (id int NOT NULL PRIMARY KEY, kind enum('1', '2', '-') NOT NULL);
CREATE TABLE `with space` (id int NOT NULL PRIMARY KEY, `some state` enum('on', 'off') NOT NULL);
CREATE TABLE `User` (id int NOT NULL PRIMARY KEY);
CREATE TABLE `user` (id int NOT NULL PRIMARY KEY, `User` int, FOREIGN KEY (`User`) REFERENCES `User` (id));
CREATE TABLE a_b (id int NOT NULL PRIMARY KEY, c enum('x') NOT NULL);
CREATE TABLE a (id int NOT NULL PRIMARY KEY, b_c enum('y') NOT NULL DEFAULT 'y', b enum('z'));
CREATE TABLE `日本` (id int NOT NULL PRIMARY KEY, `名前` varchar(20), name varchar(20));
CREATE TABLE String (id int NOT NULL PRIMARY KEY);
