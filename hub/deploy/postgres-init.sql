-- Run once by the PostgreSQL image, as its superuser, on an empty database called hub.
-- Two roles: hub_owner makes and changes tables (migrations only); hub_app works with them.
-- What hub_app may do with each table is granted after every migration by `manage.py app_role --grant`:
-- here it gets nothing but the way in, so a forgotten grant closes a door instead of opening one.
\set ON_ERROR_STOP on
\getenv owner_password HUB_OWNER_PASSWORD
\getenv app_password HUB_APP_PASSWORD

CREATE ROLE hub_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE hub_app LOGIN PASSWORD :'app_password';

SELECT current_database() AS here \gset
ALTER DATABASE :"here" OWNER TO hub_owner;
REVOKE ALL ON DATABASE :"here" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"here" TO hub_app;

ALTER SCHEMA public OWNER TO hub_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO hub_app;
