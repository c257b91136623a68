-- Old ids are found page by page: once new ids have taken the room of deleted ones this index no longer told pages apart.
DROP INDEX report_id_received;
