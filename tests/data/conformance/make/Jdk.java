import java.time.LocalDate;
import java.time.chrono.HijrahChronology;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.TimeZone;

/** Two calendars of the JDK, a line each month: java Jdk.java umalqura|julian FIRST_YEAR LAST_YEAR */
public class Jdk {
    public static void main(String[] arguments) {
        boolean julian = arguments[0].equals("julian");
        System.out.println(System.getProperty("java.runtime.name") + " " + System.getProperty("java.runtime.version"));
        for (int year = Integer.parseInt(arguments[1]); year <= Integer.parseInt(arguments[2]); year++)
            for (int month = 1; month <= 12; month++)
                System.out.println(year + " " + month + " "
                        + (julian ? julian(year, month) : LocalDate.from(HijrahChronology.INSTANCE.date(year, month, 1))));
    }

    private static LocalDate julian(int year, int month) {
        GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        calendar.setGregorianChange(new Date(Long.MAX_VALUE)); // never: a Julian calendar
        calendar.clear();
        calendar.set(year, month - 1, 1);
        return LocalDate.ofEpochDay(Math.floorDiv(calendar.getTimeInMillis(), 86400000L));
    }
}
